import type { HTTPMethods } from 'fastify';
import { Client } from '../support/client.js';
import { signedIn, stranger } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { type RawAnswer, sendRaw } from '../platform/http/support/raw-http.js';
import { traces } from './support/refusals.js';
import { registeredRoutes } from './support/registered-routes.js';

/** The whole list. A route that is new and open belongs here on purpose, or else its `@Public()` is a mistake. */
const OPEN = [
  'GET /.well-known/jwks.json',
  'GET /.well-known/oauth-authorization-server',
  'GET /health/live',
  'GET /health/ready',
  'POST /auth/login',
  'POST /auth/logout',
  'POST /auth/refresh',
  'POST /auth/register',
];
const CLOSED = ['DELETE /sessions', 'DELETE /sessions/:id', 'GET /sessions', 'GET /users/me'];
/** The documentation itself: open, and not documented. */
const PAGE = [
  'GET /',
  'GET /docs',
  'GET /docs/',
  'GET /docs/*',
  'GET /docs/LICENSE',
  'GET /docs/docs/swagger-ui-init.js',
  'GET /docs/index.html',
  'GET /docs/swagger-ui-init.js',
  'GET /openapi.json',
  'HEAD /docs/*',
];

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'REPORT'];
const OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', '_method'];

/** Ways to write a path that some server or proxy takes for the same. */
const spellings = (path: string): string[] => {
  const upper = path.toUpperCase();
  const last = path.slice(1).split('/').at(-1) ?? '';
  return [
    `${path}/`,
    upper,
    `/${path}`,
    path.replace(/^\//, '/./'),
    path.replace(/^\//, '/%2e/'),
    path.replace(/^\//, '/x/../'),
    path.replace(/^\//, '/x/%2e%2e/'),
    path.replace(/^\//, '/%2f'),
    path.replace(/(.)\//, '$1//'),
    path.replace(/(.)\//, '$1%2f'),
    path.replace(/(.)\//, '$1\\'),
    `${path};a=b`,
    `${path}%00`,
    `${path}%20`,
    `${path}.json`,
    path.replace(last, `%${last.charCodeAt(0).toString(16)}${last.slice(1)}`),
  ];
};

describe('The routes', () => {
  let service: TestService;
  let client: Client;
  let accessToken: string;

  beforeAll(async () => {
    service = await startService();
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
    const { status, text } = await call(route);
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
        expect([method, path, status]).toEqual([method, path, 404]);
      }
    }
    expect(await traces(service)).toEqual(before);
  });

  it.each(CLOSED.filter((route) => !route.includes(':')))('stay closed in every spelling: %s', async (route) => {
    const [method, path] = route.split(' ') as [string, string];
    const before = await traces(service);
    for (const spelling of spellings(path)) {
      const { status } = await call(`${method} ${spelling}`);
      expect([spelling, [400, 401, 404].includes(status), status]).toEqual([spelling, true, status]);
    }
    expect(await traces(service)).toEqual(before);
  });

  it.each(['/auth/register', '/auth/login'])('keep their rules in every spelling: POST %s', async (path) => {
    const before = await traces(service);
    const body = JSON.stringify({ ...stranger(), role: 'admin' });
    const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`];
    for (const spelling of spellings(path)) {
      const answer = await call(`POST ${spelling}`, headers, body);
      expect([spelling, [400, 404].includes(answer.status), answer.status]).toEqual([spelling, true, answer.status]);
      expect(answer.text).toContain('content-type: application/problem+json');
    }
    expect(await traces(service)).toEqual(before);
  });

  it('know one spelling besides the plain one: a letter in hexadecimal, held to the same rules', async () => {
    const bearer = [`Authorization: Bearer ${accessToken}`];
    const accepted = (await Promise.all(spellings('/users/me').map((path) => call(`GET ${path}`, bearer)))).flatMap(
      ({ status }, i) => (status === 200 ? [spellings('/users/me')[i]] : []),
    );
    expect(accepted).toEqual(['/users/%6de']);
    expect((await call('GET /users/%6de')).status).toBe(401);
  });
});
