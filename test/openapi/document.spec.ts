import { readFile } from 'node:fs/promises';
import type { OpenAPIObject, ReferenceObject, ResponseObject, SchemaObject } from '@nestjs/swagger';
import { API_INFO } from '../../src/app.module.js';
import { buildOpenApiDocument } from '../../src/platform/http/openapi/open-api.js';
import { Client } from '../support/http/client.js';
import { startService, type TestService } from '../support/service/service.js';
import { type Operation, operationsOf, responseOf } from './operations.js';

/** The texts in a schema; what else it takes in must have bounds of its own. */
function bounded(schema: SchemaObject | ReferenceObject): SchemaObject[] {
  if ('$ref' in schema) throw new Error('a request is described by its own schema');
  if (schema.type === 'array' && schema.items) {
    expect(schema.maxItems).toBeDefined();
    return bounded(schema.items);
  }
  if (schema.type === 'object') {
    const { properties = {}, additionalProperties: others } = schema;
    return [...Object.values(properties), ...(typeof others === 'object' ? [others] : [])].flatMap(bounded);
  }
  if (schema.type === 'integer')
    expect(schema).toMatchObject({ minimum: expect.any(Number), maximum: expect.any(Number) });
  return ['integer', 'boolean'].includes(String(schema.type)) ? [] : [schema];
}

describe('The OpenAPI document', () => {
  let service: TestService;
  let client: Client;
  let document: OpenAPIObject;
  let operations: Operation[];

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    document = buildOpenApiDocument(service.app, API_INFO);
    operations = operationsOf(document);
  });
  afterAll(() => service.stop());

  const named = (id: string): Operation => operations.find(({ operationId }) => operationId === id)!;

  it('says of every operation what it is for, whether it is locked, and what an answer looks like', () => {
    const tags = new Map(document.tags?.map(({ name, description }) => [name, description]));
    for (const operation of operations) {
      const { operationId, summary, description, tags: own, security } = operation;
      for (const text of [operationId, summary, description, tags.get(own?.[0] ?? '')]) expect(text).toMatch(/\w{2}/);
      expect(security).toBeInstanceOf(Array);
      for (const response of Object.values(operation.responses) as ResponseObject[]) {
        expect(response.description).not.toBe('');
        for (const media of Object.values(response.content ?? {})) {
          expect(media.example ?? media.examples).toBeDefined();
        }
      }
    }
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  it('bounds everything that is taken in, and refuses unknown properties', () => {
    const requests = Object.entries(document.components?.schemas ?? {}).filter(([name]) => name.endsWith('Request'));
    expect(requests.map(([name]) => name)).toEqual(expect.arrayContaining(['RegisterRequest', 'LoginRequest']));
    const parameters = operations.flatMap(({ parameters: own }) => own ?? []) as { schema: SchemaObject }[];
    const inBodies = requests.flatMap(([, schema]) => Object.values((schema as SchemaObject).properties ?? {}));
    for (const [, schema] of requests) expect(schema).toHaveProperty('additionalProperties', false);
    for (const text of [...inBodies, ...parameters.map(({ schema }) => schema)].flatMap(bounded)) {
      expect([text.type].flat()[0]).toBe('string'); // or null
      expect(text.enum ?? text.maxLength).toBeDefined();
      expect(text.enum ?? text.format ?? text.pattern).toBeDefined();
    }
  });

  it('describes the headers and the cookie of a login and of the keys', async () => {
    const answer = await client.get('/.well-known/jwks.json');
    const jwks = named('jwks');
    expect(Object.keys(responseOf(jwks, 200)?.headers ?? {})).toEqual(['Cache-Control', 'X-Request-Id', 'ETag']);
    const again = await client.get('/.well-known/jwks.json', {
      headers: { 'if-none-match': answer.headers.get('etag')! },
    });
    expect(responseOf(jwks, again.status)).toBeDefined();
    expect(Object.keys(responseOf(named('login'), 200)?.headers ?? {})).toEqual([
      'Cache-Control',
      'X-Request-Id',
      'Set-Cookie',
      'X-Device-Token',
    ]);
  });

  it('carries the version of the package and leads to the service it comes from', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect([document.info.version, document.info.license?.name, document.servers?.[0]?.url]).toEqual([
      version,
      'MIT',
      '/',
    ]);
  });
});
