import fc from 'fast-check';
import { encodeRefreshToken } from '../../src/sessions/refreshing/refresh-token.value.js';
import { SecretRing } from '../../src/platform/secrets/secret-ring.value.js';
import { encode, type Json, type SigningKey, signText } from '../../packages/guard/test/support/tokens.js';
import { type Answer, Client } from '../support/http/client.js';
import { claimsOf, signedIn, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { contentOf } from '../support/sessions/sessions-seen.js';
import { changesOf } from './support/mutations.js';
import { expectRefusal } from './support/refusals.js';
import { signingKeysOf } from './support/signing-keys.js';

const ISSUER = 'http://localhost:3000';
const RUNS = { numRuns: 300 };

const text = fc.string({ minLength: 1, maxLength: 30 });
const notText = fc.oneof(
  fc.constantFrom(undefined, null, '', true, 7, []),
  fc.array(text, { minLength: 1, maxLength: 2 }),
  fc.dictionary(text, text, { maxKeys: 2 }),
);
const notThis = (value: string) => fc.oneof(notText, text, fc.constantFrom(`${value} `, value.slice(0, -1), [value]));
const notTime = fc.oneof(
  fc.constantFrom(null, '', true, -1, 1e20, [], {}),
  fc.integer({ min: 1 }).map(String),
  fc.double({ max: -1, noNaN: true, noDefaultInfinity: true }),
);
/** Seconds from now, at least ten from where the answer changes. */
const seconds = (min: number, max: number) =>
  fc.integer({ min, max }).map((offset) => Math.floor(Date.now() / 1000) + offset);

/** For each member what is right, and what is wrong with a token whatever the others are. */
type Rules = Record<string, [right: fc.Arbitrary<unknown>, wrong: fc.Arbitrary<unknown>]>;

const times: Rules = {
  iat: [seconds(-86_400, 20), fc.oneof(notTime, fc.constant(undefined), seconds(40, 1e9))],
  exp: [seconds(-20, 1e9), fc.oneof(notTime, fc.constant(undefined), seconds(-1e9, -40))],
  nbf: [fc.oneof(fc.constant(undefined), seconds(-1e9, 20)), fc.oneof(notTime, seconds(40, 1e9))],
  auth_time: [fc.oneof(fc.constant(undefined), seconds(-1e9, 0)), notTime],
};

const claimRules = (sub: string): Rules => ({
  ...times,
  iss: [fc.constant(ISSUER), notThis(ISSUER)],
  aud: [fc.constant(ISSUER), notThis(ISSUER)],
  sub: [fc.constant(sub), notText],
  user_id: [fc.constant(sub), notThis(sub)],
  email: [text, notText],
  email_verified: [fc.constantFrom(undefined, true, false), fc.constantFrom(null, 'true', 1, 0, [], {})],
  role: [text, notText],
  sid: [text, notText],
  jti: [text, notText],
  amr: [fc.constantFrom(undefined, [], ['pwd'], ['pwd', 'otp']), fc.constantFrom(null, 'pwd', [7], [''], {})],
});

const headerRules = (kid: string): Rules => ({
  alg: [
    fc.constant('ES256'),
    fc.oneof(notThis('ES256'), fc.constantFrom('none', 'HS256', 'es256', 'ES384', 'RS256', 'ES256K')),
  ],
  typ: [fc.constantFrom('at+jwt', 'AT+JWT', 'application/at+jwt'), fc.oneof(notThis('at+jwt'), fc.constant('JWT'))],
  kid: [fc.constant(kid), notThis(kid)],
  crit: [fc.constant(undefined), fc.jsonValue()],
  b64: [fc.constant(undefined), fc.boolean()],
  jwk: [fc.constant(undefined), fc.jsonValue()],
  jku: [fc.constant(undefined), fc.webUrl()],
  cty: [fc.constantFrom(undefined, 'json'), fc.constant(undefined)],
});

/** An object whose members are right, but for those that are named. */
function built(rules: Rules, wrong: readonly string[]): fc.Arbitrary<Json> {
  return fc.record(
    Object.fromEntries(Object.entries(rules).map(([name, [good, bad]]) => [name, wrong.includes(name) ? bad : good])),
  );
}

describe('A token of any kind', () => {
  let service: TestService;
  let client: Client;
  let tokens: Tokens;
  let key: SigningKey;

  beforeAll(async () => {
    service = await startService({ settings: { LOG_LEVEL: 'warn' } });
    client = new Client(service.url);
    tokens = await signedIn(client);
    key = (await signingKeysOf(service)).active;
  });
  afterAll(() => service.stop());

  const me = (bearer: string): Promise<Answer> => client.get('/users/me', { bearer });
  const expectRefused = (answer: Answer, code: string, ...others: string[]): void => {
    expect([code, ...others]).toContain(expectRefusal(answer).code);
    expect([400, 401]).toContain(answer.status);
    if (code === 'invalid_token') expect(answer.status).toBe(401);
  };
  const tokenOf = (header: Json, claims: Json): string => signText(`${encode(header)}.${encode(claims)}`, key);
  const rules = (): [header: Rules, claims: Rules] => [
    headerRules(key.kid),
    claimRules(claimsOf(tokens.accessToken).sub as string),
  ];

  it('gives access with no letter of it changed', async () => {
    const property = fc.asyncProperty(changesOf(), async (change) => {
      const forged = change(tokens.accessToken);
      // Blanks around a header's value belong to HTTP, not to the value.
      fc.pre(forged.trim() !== tokens.accessToken);
      expectRefused(await me(forged), 'invalid_token');
    });
    await fc.assert(property, RUNS);
    expect((await me(tokens.accessToken)).status).toBe(200);
  });

  it('gives access whatever is right about it', async () => {
    const [header, claims] = rules();
    const property = fc.asyncProperty(built(header, []), built(claims, []), async (...parts) => {
      expect((await me(tokenOf(...parts))).body).toMatchObject({ id: parts[1].sub });
    });
    await fc.assert(property, { numRuns: 150 });
  });

  it('gives none by whatever one or two things are wrong with it, though its signature is right', async () => {
    const [header, claims] = rules();
    const names = [...Object.keys(header).filter((name) => name !== 'cty'), ...Object.keys(claims)];
    const seen = new Set<string>();
    const wrong = fc.subarray(names, { minLength: 1, maxLength: 2 });
    const parts = wrong.chain((some) => fc.tuple(fc.constant(some), built(header, some), built(claims, some)));
    const property = fc.asyncProperty(parts, async ([some, ...forged]) => {
      // `undefined` leaves out what may be left out: then nothing is wrong.
      fc.pre(some.every((name) => ({ ...forged[0], ...forged[1] })[name] !== undefined || !mayBeMissing.has(name)));
      some.forEach((name) => seen.add(name));
      expectRefused(await me(tokenOf(...forged)), 'invalid_token');
    });
    await fc.assert(property, RUNS);
    expect([...seen].sort()).toEqual(names.sort());
  });

  const mayBeMissing = new Set(['email_verified', 'nbf', 'auth_time', 'amr', 'crit', 'b64', 'jwk', 'jku']);

  it('refreshes nothing with any letter of it changed', async () => {
    const property = fc.asyncProperty(changesOf(), async (change) => {
      const refreshToken = change(tokens.refreshToken);
      fc.pre(refreshToken !== tokens.refreshToken);
      expectRefused(await client.post('/auth/refresh', { refreshToken }), 'invalid_refresh_token', 'validation_failed');
    });
    await fc.assert(property, RUNS);
    expect((await client.post('/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(200);
  });

  it('refreshes nothing with any other content, though its MAC is right', async () => {
    const secret = new SecretRing(service.config.authSecrets).current;
    const nonce = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes));
    const generation = fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    const property = fc.asyncProperty(
      fc.record({ sessionId: fc.option(fc.uuid(), { nil: null }), generation, nonce }),
      async ({ sessionId, ...content }) => {
        const own = contentOf((await signedInAgain()).refreshToken);
        const refreshToken = encodeRefreshToken({ ...content, sessionId: sessionId ?? own.sessionId }, secret);
        expectRefused(await client.post('/auth/refresh', { refreshToken }), 'invalid_refresh_token');
        expect((await client.post('/auth/logout', { refreshToken })).status).toBe(204);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  const signedInAgain = (): Promise<Tokens> => signedIn(client);
});
