import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildOpenApiDocument } from '../../../src/platform/http/openapi/open-api.js';
import { expectProblem } from './support/expect-problem.js';
import { INFO, ToyService } from './support/toy-service.js';

describe('the documentation', () => {
  let toy: ToyService;
  beforeAll(async () => {
    toy = await ToyService.start();
  });
  afterAll(() => toy.stop());

  it('is where the root leads', async () => {
    const response = await toy.fetch('/');
    expect([response.status, response.headers.get('location')]).toEqual([302, '/docs']);
  });

  it('is an OpenAPI 3.1 document with a bearer scheme', async () => {
    const document = (await (await toy.fetch('/openapi.json')).json()) as Record<string, unknown>;
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: INFO.title, version: INFO.version, description: INFO.description },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    });
    expect(document).toEqual(JSON.parse(JSON.stringify(buildOpenApiDocument(toy.app, INFO))));
  });

  it('shows each refusal with the problem schema and an example', () => {
    const responses = buildOpenApiDocument(toy.app, INFO).paths['/people']?.post?.responses;
    expect(Object.keys(responses ?? {})).toEqual(expect.arrayContaining(['400', '401', '503']));
    expect(responses?.['401']).toEqual({
      description: 'Unauthorized: `invalid_token`',
      headers: {
        'WWW-Authenticate': expect.objectContaining({ schema: { type: 'string', maxLength: 4096 } }),
        'Cache-Control': expect.any(Object),
        'X-Request-Id': expect.any(Object),
      },
      content: {
        'application/problem+json': {
          schema: { $ref: '#/components/schemas/Problem' },
          examples: {
            invalid_token: {
              summary: 'The token is not valid.',
              value: {
                type: 'urn:auth-service:problem:invalid_token',
                title: 'Invalid token',
                status: 401,
                detail: 'The token is not valid.',
                code: 'invalid_token',
                requestId: expect.any(String),
              },
            },
          },
        },
      },
    });
  });

  it('is a page made of our own files only, under a policy that allows just these', async () => {
    const response = await toy.fetch('/docs');
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none';script-src 'self';/);
    const page = await response.text();
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, link]) => new URL(link ?? '', toy.url('/docs')),
    );
    expect(links.length).toBeGreaterThan(3);
    expect(page).not.toMatch(/<script>[^<]/);
    for (const link of links) {
      expect(link.origin).toBe(toy.url(''));
      expect((await fetch(link)).status).toBe(200);
    }
  });

  it.each(['/docs/nothing', '/docs/..%2f..%2fpackage.json', '/docs/LICENSE', '/docs-yaml', '/openapi.json/'])(
    'holds nothing at %s',
    async (path) => {
      await expectProblem(await toy.fetch(path), 404, 'not_found');
    },
  );
});
