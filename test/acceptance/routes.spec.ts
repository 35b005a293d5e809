import type { HTTPMethods } from 'fastify';
import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { Receiver } from '../signals/support/receivers.js';
import { startService, type TestService } from '../support/service/service.js';
import { type RawAnswer, sendRaw } from '../platform/http/support/raw-http.js';
import { traces } from './support/refusals.js';
import { registeredRoutes } from './support/registered-routes.js';

/** The whole list. A route that is new and open belongs here on purpose, or else its `@Public()` is a mistake. */
const OPEN = [
  'GET /.well-known/change-password',
  'GET /.well-known/jwks.json',
  'GET /.well-known/oauth-authorization-server',
  'GET /.well-known/ssf-configuration',
  'GET /health/live',
  'GET /health/ready',
  'GET /revocations',
  'POST /auth/accept-invitation',
  'POST /auth/confirm-email-change',
  'POST /auth/forgot-password',
  'POST /auth/login',
  'POST /auth/logout',
  'POST /auth/refresh',
  'POST /auth/register',
  'POST /auth/reset-password',
  'POST /auth/undo-email-change',
  'POST /auth/verify-email',
  'POST /auth/verify-email/resend',
];
const CLOSED = [
  'DELETE /admin/users/:id',
  'DELETE /admin/users/:id/sessions',
  'DELETE /sessions',
  'DELETE /sessions/:id',
  'DELETE /users/me',
  'GET /admin/events',
  'GET /admin/users',
  'GET /admin/users/:id',
  'GET /admin/users/:id/sessions',
  'GET /sessions',
  'GET /users/me',
  'GET /users/me/events',
  'GET /users/me/export',
  'PATCH /admin/users/:id',
  'PATCH /users/me',
  'POST /admin/users',
  'POST /admin/users/:id/invitation',
  'POST /admin/users/:id/restore',
  'POST /ssf/poll',
  'POST /users/me/email',
  'POST /users/me/password',
];
/** The documentation itself, where links in mails lead, and outside production the mails that were not sent: open, and not documented. */
const PAGE = [
  'GET /',
  'GET /accept-invitation',
  'GET /confirm-email',
  'GET /dev/mailbox',
  'GET /dev/mailbox/:id',
  'GET /docs',
  'GET /docs/',
  'GET /docs/*',
  'GET /docs/LICENSE',
  'GET /docs/docs/swagger-ui-init.js',
  'GET /docs/index.html',
  'GET /docs/swagger-ui-init.js',
  'GET /forgot-password',
  'GET /openapi.json',
  'GET /pages/link.js',
  'GET /resend-verification',
  'GET /reset-password',
  'GET /undo-email-change',
  'GET /verify-email',
  'HEAD /docs/*',
];

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'REPORT'];
const OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', '_method'];

describe('The routes', () => {
  let service: TestService;
  let client: Client;
  let accessToken: string;

  beforeAll(async () => {
    service = await startService({ settings: { SSF_RECEIVERS: new Receiver('shop').setting } });
    client = new Client(service.url);
    ({ accessToken } = await signedIn(client));
  });
  afterAll(() => service.stop());

  /** Past any client that tidies up an address before it sends it. */
  const call = (route: string, headers: string[] = [], body = ''): Promise<RawAnswer> =>
    sendRaw(
      Number(new URL(service.url).port),
      [`${route} HTTP/1.1`, 'Host: x', ...headers, 'Connection: close', '', body].join('\r\n'),
    );

  it('are these and no others', () => {
    const routes = registeredRoutes(service.app);
    const server = service.app.getHttpAdapter().getInstance();
    for (const [method, url] of routes.map((route) => route.split(' ') as [HTTPMethods, string])) {
      expect(server.hasRoute({ method, url })).toBe(true);
    }
    expect(routes).toEqual([...OPEN, ...CLOSED, ...PAGE].sort());
  });

  it('are all documented, and nothing else is, each with a lock where it is closed', async () => {
    const { body } = await client.get('/openapi.json');
    const paths = Object.entries(body.paths as Record<string, Record<string, { security?: object[] }>>);
    const documented = paths.flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { security = [] }]) => ({
        route: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
        // An empty requirement among others says that the route may be called without any.
        closed: security.length > 0 && security.every((one) => Object.keys(one).length > 0),
      })),
    );
    const listed = (closed: boolean): string[] =>
      documented.flatMap((one) => (one.closed === closed ? [one.route] : [])).sort();
    expect([listed(false), listed(true)]).toEqual([OPEN, CLOSED]);
  });

  it.each(CLOSED)('ask for a token: %s', async (route) => {
    const before = await traces(service);
    for (const path of [route, `${route}?access_token=${accessToken}`]) {
      const answer = await call(path.replace(':id', '019ab5a4-9a01-7d0f-8f43-6a1c1d2e3f40'));
      expect([answer.status, JSON.parse(answer.body)]).toEqual([
        401,
        expect.objectContaining({ code: 'invalid_token' }),
      ]);
      expect(answer.text).toMatch(/^www-authenticate: Bearer\r$/m);
    }
    expect(await traces(service)).toEqual(before);
  });

  it.each([...OPEN, ...PAGE])('do not ask for a token: %s', async (route) => {
    const { status, text } = await call(route, ['Accept: application/json']); // or the revocations would go on for ever
    expect([200, 302, 400, 404, 415]).toContain(status);
    expect(text).not.toContain('www-authenticate');
  });

  it('are asked by their own method only, whatever a header says', async () => {
    const known = new Set(registeredRoutes(service.app));
    const before = await traces(service);
    for (const route of [...OPEN, ...CLOSED]) {
      const [own, path] = route.split(' ') as [string, string];
      const headers = [`Authorization: Bearer ${accessToken}`, ...OVERRIDES.map((name) => `${name}: ${own}`)];
      for (const method of METHODS.filter((one) => !known.has(`${one} ${path}`))) {
        const { status } = await call(`${method} ${path}?_method=${own}`, headers);
        expect([method, path, status]).toEqual([method, path, 405]);
      }
    }
    expect(await traces(service)).toEqual(before);
  });
});
