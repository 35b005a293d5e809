import { createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { createVerifier, type KeySource, type Principal, type VerifierOptions } from '../../src/core.js';
import { closeApps, get, platformNames, serveGuarded } from '../support/apps.js';
import { ISSUER, newKey, NOW_SECONDS, type SigningKey, token, tokenWithClaims } from '../support/tokens.js';

const verified = jest.spyOn(jwt, 'verify');
const key = newKey();
let published: SigningKey[];
let now: number;
const keys: KeySource = { find: (kid) => published.find((each) => each.kid === kid)?.publicKey };

beforeEach(() => {
  published = [key];
  now = NOW_SECONDS * 1000;
  verified.mockClear();
});
afterEach(closeApps);

function verifierOf(options: Partial<VerifierOptions> = {}): (sent: string) => Promise<string> {
  const verifier = createVerifier({ issuer: ISSUER, keys, clock: () => now, ...options });
  return (sent) =>
    verifier.verifyAccessToken(sent).then(
      ({ userId }: Principal) => userId,
      (error: { reason?: string; code?: string }) => error.reason ?? String(error.code),
    );
}

const userOf = (user: string, changes = {}): string => tokenWithClaims(key, { sub: user, user_id: user, ...changes });

describe('a token that was accepted before', () => {
  it.each(platformNames)('is not verified again on %s, and Passport is not asked', async (platform) => {
    const { url } = await serveGuarded({ keys, clock: () => now }, platform);
    for (let i = 0; i < 5; i++) expect((await get(`${url}/me`, `Bearer ${token(key)}`)).status).toBe(200);
    expect(verified).toHaveBeenCalledTimes(5); // each of another signature, so another token
    const again = token(key);
    for (let i = 0; i < 5; i++) expect((await get(`${url}/me`, `Bearer ${again}`)).status).toBe(200);
    expect(verified).toHaveBeenCalledTimes(6);
  });

  it('is still that of its owner', async () => {
    const verify = verifierOf();
    const [ada, bob] = [userOf('ada'), userOf('bob')];
    for (let i = 0; i < 3; i++) expect([await verify(ada), await verify(bob)]).toEqual(['ada', 'bob']);
    expect(verified).toHaveBeenCalledTimes(2);
  });

  it('says what it said, whatever was done with the dates of the one before', async () => {
    const verifier = createVerifier({ issuer: ISSUER, keys, clock: () => now });
    const sent = tokenWithClaims(key, { auth_time: NOW_SECONDS - 60 });
    const first = await verifier.verifyAccessToken(sent);
    const said = JSON.stringify(first);
    for (const date of [first.issuedAt, first.expiresAt, first.authTime!]) date.setFullYear(2000);
    expect(JSON.stringify(first)).toBe(said);
    const second = await verifier.verifyAccessToken(sent);
    expect(verified).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(second)).toBe(said);
    expect({ ...second }).toMatchObject({ authTime: new Date((NOW_SECONDS - 60) * 1000) });
    expect('authTime' in (await verifier.verifyAccessToken(token(key)))).toBe(false);
  });

  it('is known by its exact text: one bit away is another token', async () => {
    const verify = verifierOf();
    const ada = userOf('ada');
    await verify(ada);
    const [header, payload, signature = ''] = ada.split('.');
    const flipped = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
    expect(await verify(`${header}.${payload}.${flipped}`)).toBe('the signature does not verify');
    expect(await verify(`${ada} `)).toBe('a part is not strict base64url');
    expect(await verify(ada)).toBe('ada');
  });

  it('is refused once it has expired, by the clock of the settings', async () => {
    const verify = verifierOf();
    const ada = userOf('ada');
    await verify(ada);
    now += 629_999;
    expect(await verify(ada)).toBe('ada');
    now += 1;
    expect(await verify(ada)).toBe('it has expired');
  });

  it('is refused when the clock is set back to before it was made', async () => {
    const verify = verifierOf();
    const ada = userOf('ada');
    await verify(ada);
    now -= 31_000;
    expect(await verify(ada)).toBe('iat is in the future');
  });

  it('falls when its key is not published any more', async () => {
    const verify = verifierOf();
    const ada = userOf('ada');
    await verify(ada);
    published = [newKey()];
    expect(await verify(ada)).toBe('the issuer has no key with this kid');
  });

  it('falls when another key takes the place of its own', async () => {
    const verify = verifierOf();
    const ada = userOf('ada');
    await verify(ada);
    published = [newKey(key.kid)];
    expect(await verify(ada)).toBe('the signature does not verify');
  });

  it('stays known when the same keys are fetched anew', async () => {
    const copies: KeySource = { find: (kid) => newKeyLike(key)[kid] };
    const verify = verifierOf({ keys: copies });
    const ada = userOf('ada');
    for (let i = 0; i < 3; i++) expect(await verify(ada)).toBe('ada');
    expect(verified).toHaveBeenCalledTimes(1);
  });

  it('is nothing to a guard of another issuer or audience', async () => {
    const [mine, otherIssuer, otherAudience] = [
      verifierOf(),
      verifierOf({ issuer: 'https://other.example.com' }),
      verifierOf({ audience: 'other' }),
    ];
    const ada = userOf('ada');
    expect(await mine(ada)).toBe('ada');
    expect(await otherIssuer(ada)).toBe('iss is not the issuer');
    expect(await otherAudience(ada)).toBe('aud is not the audience');
  });

  it('is answered with 503 while the keys are out of reach', async () => {
    let away = false;
    const verify = verifierOf({ keys: { find: (kid) => (away ? Promise.reject(new Error()) : keys.find(kid)) } });
    const ada = userOf('ada');
    await verify(ada);
    away = true;
    expect(await verify(ada)).toBe('keys_unavailable');
  });

  it('is forgotten for newer ones, the one first that was longest not used', async () => {
    const verify = verifierOf({ cacheSize: 2 });
    const [ada, bob, cyd] = [userOf('ada'), userOf('bob'), userOf('cyd')];
    for (const sent of [ada, bob, ada, cyd]) await verify(sent);
    expect(verified).toHaveBeenCalledTimes(3);
    await verify(ada);
    expect(verified).toHaveBeenCalledTimes(3);
    await verify(bob);
    expect(verified).toHaveBeenCalledTimes(4);
  });

  it('is forgotten sooner where tokens are long: what is remembered has a bound in memory, too', async () => {
    const verify = verifierOf({ cacheSize: 4 });
    const long = ['ada', 'bob', 'cyd'].map((user) => userOf(user, { email: 'x'.repeat(4096) }));
    for (const sent of long) await verify(sent);
    await verify(long[2]!);
    expect(verified).toHaveBeenCalledTimes(3);
    await verify(long[0]!);
    expect(verified).toHaveBeenCalledTimes(4);
  });

  it('is verified each time where nothing is to be remembered', async () => {
    const verify = verifierOf({ cacheSize: 0 });
    const ada = userOf('ada');
    for (let i = 0; i < 3; i++) expect(await verify(ada)).toBe('ada');
    expect(verified).toHaveBeenCalledTimes(3);
  });
});

describe('a token whose session is revoked', () => {
  it('is refused, known or not, and the others are not', async () => {
    const revoked = new Set<string>();
    const verify = verifierOf({ isRevoked: ({ sessionId }) => revoked.has(sessionId) });
    const [ada, bob] = [userOf('ada', { sid: 's1' }), userOf('bob', { sid: 's2' })];
    expect([await verify(ada), await verify(bob)]).toEqual(['ada', 'bob']);
    revoked.add('s1');
    expect([await verify(ada), await verify(bob)]).toEqual(['it is revoked', 'bob']);
    expect(await verify(userOf('ada', { sid: 's1', jti: 'new' }))).toBe('it is revoked');
    revoked.clear();
    expect(await verify(ada)).toBe('ada');
  });
});

/** The same key, made anew. */
function newKeyLike({ kid, publicKey }: SigningKey): Record<string, SigningKey['publicKey']> {
  return { [kid]: createPublicKey({ key: publicKey.export({ format: 'jwk' }), format: 'jwk' }) };
}
