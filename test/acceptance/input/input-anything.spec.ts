import fc from 'fast-check';
import { type Answer, Client } from '../../support/http/client.js';
import { signedIn } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';
import { expectRefusal } from '../support/refusals.js';

const ROUTES = [
  '/auth/register',
  '/auth/login',
  '/auth/refresh',
  '/auth/logout',
  '/auth/verify-email',
  '/auth/verify-email/resend',
  '/auth/forgot-password',
  '/auth/reset-password',
  '/auth/accept-invitation',
];
const RUNS = { numRuns: 60 };
/** A property's plain name is told to whoever made it up. */
const PLAIN_NAME = /^[A-Za-z0-9_]{1,64}$/;
/** What is shorter, or all words, may stand in an answer by chance. */
const TELLING = /^(?=.*[^A-Za-z_ ]).{8,}$/s;

const text = fc.string({ unit: 'binary', maxLength: 200 });
const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 });
const route = fc.constantFrom(...ROUTES);

/** Every text in a value, those that an answer may hold left out. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return TELLING.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value).filter((name) => !PLAIN_NAME.test(name));
  return [...names, ...Object.values(value)].flatMap(textsOf);
}

describe('Anything', () => {
  let service: TestService;
  let client: Client;
  let accessToken: string;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    ({ accessToken } = await signedIn(client));
  });
  afterAll(() => service.stop());

  /** No bug shows (5xx), every refusal has the one shape, and nothing sent comes back in it. */
  const expectSound = (answer: Answer, sent: unknown): void => {
    if (answer.status < 400) return;
    expectRefusal(answer);
    for (const part of textsOf(sent)) {
      expect(answer.text).not.toContain(part);
      expect(answer.text).not.toContain(JSON.stringify(part).slice(1, -1));
    }
  };

  it.each([
    ['an email', (value: unknown) => ({ email: value, password: 'a password of my own' })],
    ['a password', (value: unknown) => ({ email: 'anything@example.com', password: value })],
    ['a refresh token', (value: unknown) => ({ refreshToken: value })],
    ['the token of a link', (value: unknown) => ({ token: value, password: 'a password of my own' })],
    ['a transport', (value: unknown) => ({ email: 'a@example.com', password: 'x', transport: value })],
    ['a whole body', (value: unknown) => value],
  ])('may stand for %s', async (_, bodyWith) => {
    const body = fc.oneof(json, text, fc.emailAddress()).map(bodyWith);
    const property = fc.asyncProperty(route, body, async (path, value) => {
      expectSound(await client.post(path, value), value);
    });
    await fc.assert(property, RUNS);
  });

  it('may be the name of a property', async () => {
    const property = fc.asyncProperty(route, text, json, async (path, name, value) => {
      const body = Object.defineProperty({ email: 'a@example.com' }, name, { value, enumerable: true });
      expectSound(await client.post(path, body), body);
    });
    await fc.assert(property, RUNS);
  });

  it('may be the bytes of a body, of whatever type', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc.json().map((good) => Buffer.from(`${good}\ufffd`)),
    );
    const type = fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', 'x', '*/*');
    const property = fc.asyncProperty(route, bytes, type, async (path, body, contentType) => {
      const answer = await client.raw(path, body, contentType);
      if (answer.status >= 400) expectRefusal(answer);
    });
    await fc.assert(property, RUNS);
  });

  it('may be a refresh token that was nearly right', async () => {
    const { refreshToken } = await signedIn(client);
    const bytes = Buffer.from(refreshToken, 'base64url');
    const property = fc.asyncProperty(
      fc.nat(bytes.length - 1),
      fc.integer({ min: 1, max: 255 }),
      async (at, change) => {
        const forged = Buffer.from(bytes);
        forged[at] = bytes[at]! ^ change;
        const body = { refreshToken: forged.toString('base64url') };
        const answer = await client.post('/auth/refresh', body);
        expect([answer.status, answer.body.code]).toEqual([401, 'invalid_refresh_token']);
        expectSound(answer, body);
      },
    );
    await fc.assert(property, RUNS);
    expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(200);
  });

  it('may be an address or its query', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.webPath(),
      fc.constantFrom('..', '%2e%2e', '%00', '%ff', '__proto__', 'me', 'login'),
    );
    const encoded = fc.oneof(
      part.map((some) => encodeURIComponent(some)),
      fc.webFragments(),
    );
    const property = fc.asyncProperty(
      fc.constantFrom('/auth/', '/sessions/', '/users/', '/', '/docs/'),
      encoded,
      encoded,
      async (start, path, query) => {
        for (const answer of [
          await client.get(`${start}${path}?${query}`, { bearer: accessToken }),
          await client.post(`${start}${path}?${query}`, {}),
          await client.delete(`/sessions/${path}?${query}`, { bearer: accessToken }),
        ]) {
          if (answer.status >= 400) expectRefusal(answer);
        }
      },
    );
    await fc.assert(property, RUNS);
  });

  it('may be a bearer token, a cookie, an origin or a user agent', async () => {
    const value = fc.string({
      unit: fc
        .integer({ min: 0x20, max: 0xff })
        .filter((c) => c !== 0x7f)
        .map((c) => String.fromCharCode(c)),
    });
    const property = fc.asyncProperty(value, value, async (some, other) => {
      const headers = { cookie: `refresh_token=${some}`, origin: other, 'user-agent': some, 'x-request-id': other };
      expectSound(await client.get('/users/me', { headers: { ...headers, authorization: `Bearer ${other}` } }), [
        other,
      ]);
      expectSound(await client.post('/auth/refresh', undefined, { headers }), [some]);
      expectSound(await client.post('/auth/login', { email: 'a@example.com', password: some || 'x' }, { headers }), [
        some,
      ]);
    });
    await fc.assert(property, RUNS);
  });
});
