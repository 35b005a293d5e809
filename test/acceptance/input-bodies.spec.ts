import { gzipSync } from 'node:zlib';
import { Client } from '../support/client.js';
import { signedIn, stranger } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { refusal, traces } from './support/refusals.js';

const PEOPLE_ROUTES = ['/auth/register', '/auth/login'];
const TOKEN_ROUTES = ['/auth/refresh', '/auth/logout'];
const LINK_ROUTES = ['/auth/verify-email', '/auth/reset-password', '/auth/accept-invitation'];
const ADDRESS_ROUTES = ['/auth/verify-email/resend', '/auth/forgot-password'];
const ROUTES = [...PEOPLE_ROUTES, ...TOKEN_ROUTES, ...LINK_ROUTES, ...ADDRESS_ROUTES];
const JSON_TYPE = 'application/json';
/** What the route takes, apart from a refresh token. */
function bodyFor(path: string): object {
  const { email, password } = stranger();
  if (ADDRESS_ROUTES.includes(path)) return { email };
  if (path.endsWith('verify-email')) return { token: 'a-token' };
  return LINK_ROUTES.includes(path) ? { token: 'a-token', password } : { email, password };
}
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

const bodies: [string, string | Uint8Array, [number, string]][] = [
  ['nothing', '', [400, 'malformed_body']],
  ['null', 'null', [400, 'malformed_body']],
  ['an array', '["canary"]', [400, 'malformed_body']],
  ['a string', '"canary"', [400, 'malformed_body']],
  ['a number', '7', [400, 'malformed_body']],
  ['broken JSON', '{"email":"canary@example.com","password":canary}', [400, 'malformed_body']],
  ['invalid UTF-8', Buffer.from('{"email":"\xff\xfe canary"}', 'latin1'), [400, 'malformed_body']],
  ['UTF-16', Buffer.from('{"email":"canary"}', 'utf16le'), [400, 'malformed_body']],
  ['7,000 levels', nested(7_000), [400, 'malformed_body']],
  ['7,000 levels in a field', `{"email":${nested(7_000)}}`, [400, 'malformed_body']],
  ['40,000 levels', nested(40_000), [413, 'payload_too_large']],
  ['17 KiB', JSON.stringify({ email: 'canary'.padEnd(17 * 1024) }), [413, 'payload_too_large']],
  ['__proto__', '{"__proto__":{"polluted":1,"role":"admin"}}', [400, 'malformed_body']],
  ['a constructor', '{"constructor":{"prototype":{"polluted":1}}}', [400, 'malformed_body']],
  ['__proto__ in a field', '{"email":{"__proto__":{"polluted":1}}}', [400, 'malformed_body']],
];

const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'];
const charsets = ['utf-16', 'iso-8859-1', 'utf-7', 'canary'].map((name) => `${JSON_TYPE}; charset=${name}`);

describe('A body', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  /** A refusal that repeats nothing, stores nothing, hashes nothing and pollutes nothing. */
  const refusedWithoutTrace = async (send: () => ReturnType<Client['post']>): Promise<unknown> => {
    const before = await traces(service);
    const answer = await send();
    expect(answer.text).not.toContain('canary');
    expect(await traces(service)).toEqual(before);
    expect('polluted' in {} || 'role' in {}).toBe(false);
    return refusal(answer);
  };

  describe.each(ROUTES)('to %s', (path) => {
    it.each(bodies)('of %s is refused', async (_, body, expected) => {
      expect(await refusedWithoutTrace(() => client.raw(path, body, JSON_TYPE))).toEqual(expected);
    });

    it.each([...types, ...charsets])('as %s is refused', async (type) => {
      const { email, password } = stranger();
      const body = type.includes('form') ? `email=${email}&password=${password}` : JSON.stringify({ email, password });
      const expected = [415, 'unsupported_media_type'];
      expect(await refusedWithoutTrace(() => client.raw(path, body, type))).toEqual(expected);
    });

    it('that is compressed is refused, a bomb or not', async () => {
      const bomb = gzipSync(Buffer.alloc(8_000_000, ' '));
      for (const body of [bomb.subarray(0, 8_000), gzipSync('{}')]) {
        const send = async (): ReturnType<Client['post']> =>
          client.raw(path, body, JSON_TYPE, { 'content-encoding': 'gzip' });
        expect(await refusedWithoutTrace(send)).toEqual([415, 'unsupported_media_type']);
      }
    });
  });

  const notStrings: [string, unknown][] = [
    ['a number', 7],
    ['a boolean', true],
    ['null', null],
    ['an array', ['canary@example.com']],
    ['an object', { canary: 1, length: 12 }],
    ['an operator', { $ne: null }],
  ];

  const notTexts = ['', 'canary\u0000', 'canarü', 'x'.repeat(513)];

  it.each(PEOPLE_ROUTES.flatMap((path) => notStrings.map((row) => [path, ...row] as const)))(
    'to %s with %s in place of a string is refused',
    async (path, _, value) => {
      const code = path.endsWith('login') ? 'invalid_password' : 'not_a_string';
      const send = (body: object): Promise<unknown> => refusedWithoutTrace(() => client.post(path, body));
      expect(await send({ ...stranger(), email: value })).toEqual([400, 'validation_failed', 'email invalid_email']);
      expect(await send({ ...stranger(), password: value })).toEqual([400, 'validation_failed', `password ${code}`]);
      expect(await send({ email: value, password: value })).toHaveLength(4);
    },
  );

  it.each(ADDRESS_ROUTES.flatMap((path) => notStrings.map((row) => [path, ...row] as const)))(
    'to %s with %s in place of an address is refused',
    async (path, _, value) => {
      const expected = [400, 'validation_failed', 'email invalid_email'];
      expect(await refusedWithoutTrace(() => client.post(path, { email: value }))).toEqual(expected);
    },
  );

  const notTokens: [string, unknown][] = [...notStrings, ...notTexts.map((text): [string, string] => [text, text])];

  it.each(LINK_ROUTES.flatMap((path) => notTokens.map((row) => [path, ...row] as const)))(
    'to %s with %j in place of a token is refused',
    async (path, _, value) => {
      const expected = [400, 'validation_failed', 'token invalid_token_format'];
      const body = { ...bodyFor(path), token: value };
      expect(await refusedWithoutTrace(() => client.post(path, body))).toEqual(expected);
    },
  );

  it.each(TOKEN_ROUTES.flatMap((path) => notStrings.map((row) => [path, ...row] as const)))(
    'to %s with %s in place of a token is refused',
    async (path, _, value) => {
      expect(await refusedWithoutTrace(() => client.post(path, { refreshToken: value }))).toEqual([
        400,
        'validation_failed',
        'refreshToken invalid_token_format',
      ]);
    },
  );

  it.each(TOKEN_ROUTES.flatMap((path) => notTexts.map((text) => [path, text])))(
    'to %s with the text %j in place of a token is refused',
    async (path, text) => {
      expect(await refusedWithoutTrace(() => client.post(path, { refreshToken: text }))).toEqual([
        400,
        'validation_failed',
        'refreshToken invalid_token_format',
      ]);
    },
  );

  it.each(['role', 'id', 'isAdmin', 'emailVerified', 'passwordHash', 'session_epoch', 'sessionEpoch', 'disabledAt'])(
    'with %s as well is refused by every route',
    async (name) => {
      const { refreshToken } = await signedIn(client);
      for (const path of ROUTES) {
        const body = { ...(TOKEN_ROUTES.includes(path) ? { refreshToken } : bodyFor(path)), [name]: 'canary' };
        const expected = [400, 'validation_failed', `${name} unknown_property`];
        expect(await refusedWithoutTrace(() => client.post(path, body))).toEqual(expected);
      }
      expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(200);
    },
  );
});
