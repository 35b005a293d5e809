import { type RawAnswer, sendRaw } from '../platform/http/support/raw-http.js';
import { Client } from '../support/http/client.js';
import { signedIn, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { traces } from './support/refusals.js';

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

describe('The spellings of a route', () => {
  let service: TestService;
  let accessToken: string;

  beforeAll(async () => {
    service = await startService();
    ({ accessToken } = await signedIn(new Client(service.url)));
  });
  afterAll(() => service.stop());

  /** Past any client that tidies up an address before it sends it. */
  const call = (route: string, headers: string[] = [], body = ''): Promise<RawAnswer> =>
    sendRaw(
      Number(new URL(service.url).port),
      [`${route} HTTP/1.1`, 'Host: x', ...headers, 'Connection: close', '', body].join('\r\n'),
    );

  it.each(['DELETE /sessions', 'GET /sessions', 'GET /users/me'])(
    'stay closed in every spelling: %s',
    async (route) => {
      const [method, path] = route.split(' ') as [string, string];
      const before = await traces(service);
      for (const spelling of spellings(path)) {
        const { status } = await call(`${method} ${spelling}`);
        expect([spelling, [400, 401, 404].includes(status), status]).toEqual([spelling, true, status]);
      }
      expect(await traces(service)).toEqual(before);
    },
  );

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
