import { afterEach, describe, expect, it } from '@jest/globals';
import { createVerifier } from '../../src/core.js';
import { type Answer, closeApps, get, platformNames, serveGuarded } from '../support/apps.js';
import {
  headerOf,
  ISSUER,
  newKey,
  NOW_SECONDS,
  sourceOf,
  tokenWithClaims,
  tokenWithHeader,
} from '../support/tokens.js';

const MANY = 60;
const ROUNDS = 3;

const key = newKey();
const keys = sourceOf(key);
const people = Array.from({ length: MANY }, (_, i) => `person-${i}`);

/** A token that the guard has never seen. */
const newTokenOf = (user: string, role = 'user'): string =>
  tokenWithClaims(key, { sub: user, user_id: user, email: `${user}@example.com`, role });
/** The same text but for the signature, which is good for another token. */
const forgedFrom = (token: string): string =>
  [...token.split('.').slice(0, 2), newTokenOf('another').split('.')[2]].join('.');

afterEach(closeApps);

describe.each(platformNames)('Many who come to %s at once with tokens that were never seen', (platform) => {
  /** An app to which every connection is open already: on new ones nobody would come in the same turn as anybody else. */
  const serveMany = async (connections: number): Promise<string> => {
    const { url } = await serveGuarded({ keys }, platform);
    await Promise.all(Array.from({ length: connections }, () => get(`${url}/open`)));
    return url;
  };
  const ask = (url: string, tokens: readonly string[]): Promise<Answer[]> =>
    Promise.all(tokens.map((sent) => get(url, `Bearer ${sent}`)));
  /** The owner whom the handler sees, or the status of a refusal. */
  const who = ({ status, body }: Answer): unknown => (status === 200 ? body.userId : status);

  it('are each taken for themselves', async () => {
    const url = await serveMany(MANY);
    for (let round = 0; round < ROUNDS; round++) {
      const answers = await ask(
        `${url}/me`,
        people.map((user) => newTokenOf(user)),
      );
      expect(answers.map(who)).toEqual(people);
    }
  });

  it('are each let in or refused for themselves, forged ones beside the good ones that they were made from', async () => {
    const url = await serveMany(2 * MANY);
    for (let round = 0; round < ROUNDS; round++) {
      const good = people.map((user) => newTokenOf(user));
      const expected = people.flatMap((user) => [user, 401]);
      const pairs = good.flatMap((token) => [token, forgedFrom(token)]);
      expect((await ask(`${url}/me`, pairs)).map(who)).toEqual(expected);
      // Now that the good ones are known, the forged ones come first.
      expect((await ask(`${url}/me`, pairs.toReversed())).map(who)).toEqual(expected.toReversed());
    }
  });

  it('are each held to what the route asks of them, also when they are known', async () => {
    const url = await serveMany(MANY);
    const roles = people.map((_, i) => ['user', 'admin', 'owner', 'Admin'][i % 4]!);
    const expected = roles.map((role) => (['admin', 'owner'].includes(role) ? 200 : 403));
    for (let round = 0; round < ROUNDS; round++) {
      const tokens = people.map((user, i) => newTokenOf(user, roles[i]));
      for (let time = 0; time < 2; time++) {
        expect((await ask(`${url}/admin`, tokens)).map(({ status }) => status)).toEqual(expected);
        expect((await ask(`${url}/me`, tokens)).map(({ body }) => body.role)).toEqual(roles);
      }
    }
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
    [{ kid: newKey().kid }, 'the issuer has no key with this kid'],
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
