import { afterEach, describe, expect, it } from '@jest/globals';
import { createVerifier } from '../src/core.js';
import { type Answer, closeApps, get, platformNames, serveGuarded } from './support/apps.js';
import { headerOf, ISSUER, newKey, NOW_SECONDS, sourceOf, tokenWithClaims, tokenWithHeader } from './support/tokens.js';

const MANY = 60;

const key = newKey();
const keys = sourceOf(key);
const people = Array.from({ length: MANY }, (_, i) => `person-${i}`);

/** A token that the guard has never seen. */
const newTokenOf = (user: string): string => tokenWithClaims(key, { sub: user, user_id: user });
/** The same with the signature of another token. */
const forgedTokenOf = (user: string): string =>
  [...newTokenOf(user).split('.').slice(0, 2), newTokenOf('another').split('.')[2]].join('.');

afterEach(closeApps);

describe.each(platformNames)('Many who come to %s at once with tokens that were never seen', (platform) => {
  const who = async (url: string, tokens: readonly string[]): Promise<Answer[]> =>
    Promise.all(tokens.map((sent) => get(`${url}/me`, `Bearer ${sent}`)));

  it('are each taken for themselves', async () => {
    const { url } = await serveGuarded({ keys }, platform);
    for (let round = 0; round < 3; round++) {
      const answers = await who(url, people.map(newTokenOf));
      expect(answers.map(({ body }) => body.userId)).toEqual(people);
    }
  });

  it('are each let in or refused for themselves', async () => {
    const { url } = await serveGuarded({ keys }, platform);
    const answers = await who(
      url,
      people.map((user, i) => (i % 2 === 0 ? newTokenOf(user) : forgedTokenOf(user))),
    );
    expect(answers.map(({ status, body }) => (status === 200 ? body.userId : status))).toEqual(
      people.map((user, i) => (i % 2 === 0 ? user : 401)),
    );
  });

  it('are each held to what the route asks of them', async () => {
    const { url } = await serveGuarded({ keys }, platform);
    const roles = people.map((user, i) =>
      tokenWithClaims(key, { sub: user, user_id: user, role: i % 3 ? 'user' : 'admin' }),
    );
    const answers = await Promise.all(roles.map((sent) => get(`${url}/admin`, `Bearer ${sent}`)));
    expect(answers.map(({ status }) => status)).toEqual(people.map((_, i) => (i % 3 ? 403 : 200)));
  });
});

describe('A header that was read before', () => {
  const verifier = createVerifier({ issuer: ISSUER, keys, clock: () => NOW_SECONDS * 1000 });
  const verdictOn = (sent: string): Promise<string> =>
    verifier.verifyAccessToken(sent).then(
      () => 'accepted',
      (error: { reason: string }) => error.reason,
    );

  it.each([
    [{ alg: 'HS256' }, 'alg is not ES256'],
    [{ typ: 'JWT' }, 'typ is not at+jwt'],
    [{ crit: ['exp'] }, 'the header has a parameter that is never followed'],
    [{ jwk: { kty: 'EC' } }, 'the header has a parameter that is never followed'],
    [{ kid: newKey().kid }, 'the issuer has no key of that kid'],
  ])('vouches for no other of the same key: %j', async (changes, reason) => {
    const bad = tokenWithHeader(key, changes);
    for (let i = 0; i < 2; i++) {
      expect(await verdictOn(newTokenOf('ada'))).toBe('accepted');
      expect(await verdictOn(bad)).toBe(reason);
      expect(await verdictOn(bad)).toBe(reason);
    }
  });

  it('vouches for none that is written otherwise', async () => {
    const [header = '', ...rest] = newTokenOf('ada').split('.');
    expect(await verdictOn([header, ...rest].join('.'))).toBe('accepted');
    for (const other of [`${header}=`, `${header} `, header.slice(0, -1), '', JSON.stringify(headerOf(key))])
      expect(await verdictOn([other, ...rest].join('.'))).not.toBe('accepted');
    expect(await verdictOn(newTokenOf('bob'))).toBe('accepted');
  });
});
