import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type AccessTokenVerifier,
  createVerifier,
  InvalidToken,
  KeysUnavailable,
  type VerifierOptions,
} from '../../src/core.js';
import { json, jwkOf, KeyServer } from '../support/key-server.js';
import { claims, type Json, newKey, NOW_SECONDS, type SigningKey, token } from '../support/tokens.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

let server: KeyServer;
let now: number;
let key: SigningKey;
let verifier: AccessTokenVerifier;

beforeEach(async () => {
  server = await new KeyServer().start();
  key = newKey();
  server.publish(key);
  now = NOW_SECONDS * 1000;
  verifier = verifierOf();
});
afterEach(() => server.stop());

function verifierOf(options: Partial<VerifierOptions> = {}): AccessTokenVerifier {
  return createVerifier({ issuer: server.url, clock: () => now, cacheSize: 0, revocations: false, ...options });
}

/** A token that is valid now, whatever the clock says. */
function fresh(by: SigningKey, issuer = server.url, changes: Json = {}): string {
  const seconds = Math.floor(now / 1000);
  return token(by, { payload: claims({ iss: issuer, aud: issuer, iat: seconds, exp: seconds + 600, ...changes }) });
}

async function verdict(sent: string, by = verifier): Promise<string> {
  try {
    return (await by.verifyAccessToken(sent)).userId ? 'accepted' : 'nobody';
  } catch (error) {
    if (error instanceof InvalidToken) return error.reason;
    if (error instanceof KeysUnavailable) return 'keys unavailable';
    throw error;
  }
}

const UNKNOWN = 'the issuer has no key with this kid';

describe('the keys of an issuer', () => {
  it('are found through its metadata, once for many requests at once', async () => {
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => verdict(fresh(key))));
    expect(new Set(verdicts)).toEqual(new Set(['accepted']));
    expect(server.asked).toEqual(['/.well-known/oauth-authorization-server', '/keys']);
  });

  it('are not fetched before a token of the right form comes', async () => {
    await verdict('nonsense');
    expect(server.asked).toEqual([]);
  });

  it('are kept until most of their lifetime is over, then renewed while the old ones serve', async () => {
    await verdict(fresh(key));
    now += 239 * SECOND;
    await verdict(fresh(key));
    expect(server.fetches).toBe(1);
    now += 2 * SECOND;
    const held = holdBack();
    expect(await verdict(fresh(key))).toBe('accepted'); // while the fetch is still under way
    await held.asked;
    held.release();
    await settled(2);
    expect(server.fetches).toBe(2);
  });

  it.each([
    ['max-age=60', 47, 49],
    ['public, max-age=600, stale-if-error=86400', 479, 481],
    ['Max-Age="60"', 47, 49],
    ['s-max-age=60', 239, 241],
    ['max-age=0', 23, 25],
    ['max-age=999999', 2879, 2881],
  ])('are kept as long as the issuer says, within reason: %s', async (cacheControl, notYet, due) => {
    server.cacheControl = cacheControl;
    await verdict(fresh(key));
    now += notYet * SECOND;
    await verdict(fresh(key));
    expect(server.fetches).toBe(1);
    now += (due - notYet) * SECOND;
    await verdict(fresh(key));
    await settled(2);
  });

  it('that are past their lifetime are fetched before anyone is let in by them', async () => {
    await verdict(fresh(key));
    server.publish();
    now += 301 * SECOND;
    expect(await verdict(fresh(key))).toBe(UNKNOWN);
  });

  it('are renewed when the clock was set back', async () => {
    await verdict(fresh(key));
    now -= HOUR;
    expect(await verdict(fresh(key))).toBe('accepted');
    expect(server.fetches).toBe(2);
  });

  it('are found where the service is reached, and still must be those of the issuer', async () => {
    const issuer = 'https://auth.example.com';
    server.metadata = { issuer, jwks_uri: `${issuer}/keys` };
    const inside = verifierOf({ issuer, url: server.url });
    expect(await verdict(fresh(key, issuer), inside)).toBe('accepted');
    const other = verifierOf({ issuer: 'https://other.example.com', url: server.url });
    expect(await verdict(fresh(key, 'https://other.example.com'), other)).toBe('keys unavailable');
  });

  it('of an issuer with a path are found where RFC 8414 says', async () => {
    const issuer = `${server.url}/tenant`;
    const place = '/.well-known/oauth-authorization-server/tenant';
    server.answers[place] = json({ issuer, jwks_uri: `${server.url}/keys` });
    expect(await verdict(fresh(key, issuer), verifierOf({ issuer }))).toBe('accepted');
    expect(server.asked).toEqual([place, '/keys']);
  });
});

describe('with the issuer away', () => {
  it('nobody can say who is there until it comes, and then it works without a restart', async () => {
    await server.stop();
    const refused = await verifier.verifyAccessToken(fresh(key)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(KeysUnavailable);
    expect(refused).toMatchObject({ status: 503, headers: { 'Retry-After': '2' }, cause: { message: 'fetch failed' } });
    await server.start();
    expect(await verdict(fresh(key))).toBe('keys unavailable'); // it has just been asked
    now += 2 * SECOND;
    expect(await verdict(fresh(key))).toBe('accepted');
  });

  it('known keys go on working for hours, and the new ones are taken when it is back', async () => {
    await verdict(fresh(key));
    await server.stop();
    for (let hour = 1; hour <= 23; hour++) {
      now += HOUR;
      expect(await verdict(fresh(key))).toBe('accepted');
    }
    expect(await verdict(fresh(newKey()))).toBe('keys unavailable');
    const next = newKey();
    server.publish(next);
    await server.start();
    now += 30 * SECOND;
    expect(await verdict(fresh(next))).toBe('accepted');
    expect(await verdict(fresh(key))).toBe(UNKNOWN);
  });

  it('known keys are not used for more than a day', async () => {
    await verdict(fresh(key));
    await server.stop();
    now += 24 * HOUR;
    expect(await verdict(fresh(key))).toBe('keys unavailable');
  });

  it('the app is told which issuer is there instead of its own, such as one without the slash', async () => {
    const told: unknown[] = [];
    const issuer = `${server.url}/`;
    const telling = verifierOf({ issuer, onKeyTrouble: (error) => told.push(error) });
    expect(await verdict(fresh(key, issuer), telling)).toBe('keys unavailable');
    const message = `the metadata at ${server.url} is of the issuer "${server.url}", not of "${issuer}"`;
    expect(told).toEqual([expect.objectContaining({ message })]);
  });

  it('the app is told why, once until it is back', async () => {
    const told: unknown[] = [];
    const telling = verifierOf({ onKeyTrouble: (error) => told.push(error) });
    const tryFor = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++, now += 2 * SECOND) await verdict(fresh(key), telling);
    };
    await server.stop();
    await tryFor(3);
    expect(told).toEqual([expect.objectContaining({ message: 'fetch failed' })]);
    await server.start();
    await tryFor(3);
    server.metadata = { issuer: 'https://evil.example.com' };
    server.answerKeys((_request, response) => response.writeHead(500).end());
    now += HOUR;
    await tryFor(3);
    expect(told).toHaveLength(2);
    expect(told[1]).toMatchObject({ message: `${server.url}/keys answers with status 500` });
  });

  it('an app that fails when it is told does not make the issuer be asked for each request', async () => {
    const failing = verifierOf({
      onKeyTrouble: () => {
        throw new Error('the log is full');
      },
    });
    server.answerMetadata((_request, response) => response.writeHead(500).end());
    for (let i = 0; i < 5; i++) expect(await verdict(fresh(key), failing)).toBe('keys unavailable');
    expect(server.asked).toHaveLength(1);
  });

  it('only one request waits for it, not each', async () => {
    await verdict(fresh(key));
    now += HOUR;
    const held = holdBack();
    const first = verdict(fresh(key));
    await held.asked;
    await server.stop();
    expect(await first).toBe('accepted');
    const asked = server.asked.length;
    expect(await verdict(fresh(key))).toBe('accepted');
    expect(server.asked).toHaveLength(asked);
  });
});

describe('an unknown kid', () => {
  it('is looked for at the issuer: a rotation is seen at once', async () => {
    await verdict(fresh(key));
    const next = newKey();
    server.publish(key, next);
    expect(await verdict(fresh(next))).toBe('accepted');
    expect(await verdict(fresh(key))).toBe('accepted');
  });

  it('costs one fetch per 30 s, however many come', async () => {
    await verdict(fresh(key));
    for (let round = 1; round <= 3; round++) {
      const verdicts = await Promise.all(Array.from({ length: 50 }, () => verdict(fresh(newKey()))));
      expect(new Set(verdicts)).toEqual(new Set([UNKNOWN]));
      now += 29 * SECOND;
      expect(await verdict(fresh(newKey()))).toBe(UNKNOWN);
      expect(server.fetches).toBe(1 + round);
      now += SECOND;
    }
  });

  it('costs none beside the first fetch of all', async () => {
    await Promise.all(Array.from({ length: 50 }, () => verdict(fresh(newKey()))));
    expect(server.fetches).toBe(1);
  });

  it('costs one per 30 s while the issuer is away, too', async () => {
    await verdict(fresh(key));
    server.answerKeys((_request, response) => response.writeHead(503).end());
    for (let i = 0; i < 20; i++) expect(await verdict(fresh(newKey()))).toBe('keys unavailable');
    expect(server.fetches).toBe(2);
  });

  it('is refused with 503 and not 401 while the issuer is away: it may be that of a new key', async () => {
    await verdict(fresh(key));
    const next = newKey();
    server.publish(key, next);
    await server.stop();
    const refusal = (sent: string) => verifier.verifyAccessToken(sent).catch((error: unknown) => error);
    expect(await refusal(fresh(next))).toMatchObject({ status: 503, headers: { 'Retry-After': '30' } });
    now += 18.5 * SECOND;
    expect(await refusal(fresh(next))).toMatchObject({ code: 'keys_unavailable', headers: { 'Retry-After': '12' } });
    expect(await verdict(fresh(key))).toBe('accepted');
    expect(await verdict(fresh(newKey(key.kid)))).toBe('the signature does not verify');

    await server.start();
    now += 12 * SECOND;
    expect(await verdict(fresh(next))).toBe('accepted');
    expect(await verdict(fresh(newKey()))).toBe(UNKNOWN);
  });

  it('is refused with 401 as soon as the issuer has answered again, whoever asked it', async () => {
    server.cacheControl = 'max-age=30';
    await verdict(fresh(key));
    await server.stop();
    expect(await verdict(fresh(newKey()))).toBe('keys unavailable');
    await server.start();
    now += 25 * SECOND; // too early to look for a kid again, and time to renew the keys
    expect(await verdict(fresh(key))).toBe('accepted');
    await settled(2);
    expect(await verdict(fresh(newKey()))).toBe(UNKNOWN);
    expect(server.fetches).toBe(2);
  });

  it('that comes while keys are on their way waits for them', async () => {
    await verdict(fresh(key));
    now += 250 * SECOND;
    const next = newKey();
    server.publish(next);
    const held = holdBack();
    await verdict(fresh(key));
    await held.asked;
    const waiting = verdict(fresh(next));
    held.release();
    expect(await waiting).toBe('accepted');
    expect(server.fetches).toBe(2);
  });
});

describe('an answer of the issuer is not believed', () => {
  const others: Record<string, () => Json> = {
    'metadata of another issuer': () => ({ issuer: 'https://evil.example.com' }),
    'metadata of the issuer with a slash': () => ({ issuer: `${server.url}/` }),
    'metadata without an issuer': () => ({ issuer: undefined }),
    'keys at another host': () => ({ jwks_uri: server.url.replace('127.0.0.1', 'localhost') + '/keys' }),
    'keys at another port': () => ({ jwks_uri: 'http://127.0.0.1:1/keys' }),
    'keys in a file': () => ({ jwks_uri: 'file:///etc/passwd' }),
    'no place of the keys': () => ({ jwks_uri: undefined }),
  };

  it.each(Object.keys(others))('when it is %s', async (name) => {
    server.metadata = others[name]!();
    expect(await verdict(fresh(key))).toBe('keys unavailable');
    expect(server.fetches).toBe(0);
  });

  const answers: Record<string, Parameters<KeyServer['answerKeys']>[0]> = {
    'an error': (_request, response) => response.writeHead(500).end('{"keys":[]}'),
    'no JSON': (_request, response) => response.end('<html>'),
    'no JWK Set': json({ keys: {} }),
    'a list': json([]),
    'cut short': (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"keys":[');
      response.destroy();
    },
  };

  it.each(Object.keys(answers))('when it is %s', async (name) => {
    server.answerKeys(answers[name]!);
    expect(await verdict(fresh(key))).toBe('keys unavailable');
  });

  it('when it is larger than 64 KiB, and it is not read to its end', async () => {
    let sent = 0;
    const closed = new Promise<void>((resolve) => {
      server.answerKeys((_request, response) => {
        response.on('close', resolve);
        const more = (): void => {
          while (!response.destroyed && sent < 500_000_000 && response.write(' '.repeat(10_000))) sent += 10_000;
        };
        response.on('drain', more);
        more();
      });
    });
    expect(await verdict(fresh(key))).toBe('keys unavailable');
    await closed;
    expect(sent).toBeLessThan(50_000_000);
  });

  it('when it does not come within 3 s', async () => {
    server.answerKeys((_request, response) => void response.writeHead(200).write('{'));
    const began = Date.now();
    expect(await verdict(fresh(key))).toBe('keys unavailable');
    expect(Date.now() - began).toBeLessThan(4500);
  });

  it('when it sends to another host, which is never asked', async () => {
    const other = await new KeyServer().start();
    other.publish(key);
    for (const status of [301, 302, 307, 308]) {
      server.answerKeys((_request, response) => response.writeHead(status, { location: `${other.url}/keys` }).end());
      expect(await verdict(fresh(key), verifierOf())).toBe('keys unavailable');
    }
    server.answerMetadata((_request, response) =>
      response.writeHead(302, { location: `${other.url}/.well-known/oauth-authorization-server` }).end(),
    );
    expect(await verdict(fresh(key), verifierOf())).toBe('keys unavailable');
    expect(other.asked).toEqual([]);
    await other.stop();
  });
});

describe('a path of the keys that begins with two slashes', () => {
  it('is asked for at the issuer, and never read as the name of another host', async () => {
    const other = await new KeyServer().start();
    other.publish(key);
    server.metadata = { jwks_uri: `${server.url}//${new URL(other.url).host}/keys` };
    expect(await verdict(fresh(key))).toBe('keys unavailable');
    expect(other.asked).toEqual([]);
    expect(server.asked[1]).toBe(`//${new URL(other.url).host}/keys`);
    await other.stop();
  });
});

describe('a published key is left out', () => {
  const changes: Record<string, (jwk: Json) => Json> = {
    'on another curve': () => jwkOf({ ...newKey(undefined, 'P-384'), kid: key.kid }),
    'that says it is on another curve': (jwk) => ({ ...jwk, crv: 'P-384' }),
    'for another algorithm': (jwk) => ({ ...jwk, alg: 'ES384' }),
    'for encryption': (jwk) => ({ ...jwk, use: 'enc' }),
    'for signing only': (jwk) => ({ ...jwk, key_ops: ['sign'] }),
    'that is symmetric': (jwk) => ({ kty: 'oct', k: 'c2VjcmV0', kid: jwk.kid }),
    'off the curve': (jwk) => ({ ...jwk, y: jwk.x }),
    'with a point that is too long': (jwk) => ({ ...jwk, x: `AA${String(jwk.x)}` }),
    'with a point that is no text': (jwk) => ({ ...jwk, x: [jwk.x] }),
    'without a kid': (jwk) => ({ ...jwk, kid: undefined }),
    'whose kid is no text': (jwk) => ({ ...jwk, kid: [jwk.kid] }),
  };

  it.each(Object.keys(changes))('%s, and its neighbours are kept', async (name) => {
    const neighbour = newKey();
    server.keys = [null as unknown as Json, changes[name]!(jwkOf(key)), jwkOf(neighbour)];
    expect(await verdict(fresh(key))).toBe(UNKNOWN);
    expect(await verdict(fresh(neighbour))).toBe('accepted');
  });

  it('when its kid is taken already', async () => {
    server.keys = [jwkOf(key), jwkOf(newKey(key.kid))];
    expect(await verdict(fresh(key))).toBe('accepted');
  });
});

describe('a token that is remembered', () => {
  it.each([
    ['public, max-age=300', 300],
    ['max-age=60', 60],
  ])('is refused when its key was removed, once what was published (%s) is too old', async (cacheControl, seconds) => {
    server.cacheControl = cacheControl;
    const remembering = verifierOf({ cacheSize: 10 });
    const sent = fresh(key);
    expect(await verdict(sent, remembering)).toBe('accepted');
    server.publish(newKey());
    expect(await verdict(sent, remembering)).toBe('accepted');
    now += seconds * SECOND;
    expect(await verdict(sent, remembering)).toBe(UNKNOWN);
  });

  it('is refused as soon as its key is known to be gone, whatever made the guard look', async () => {
    const remembering = verifierOf({ cacheSize: 10 });
    const sent = fresh(key);
    await verdict(sent, remembering);
    const next = newKey();
    server.publish(next);
    expect(await verdict(fresh(next), remembering)).toBe('accepted');
    expect(await verdict(sent, remembering)).toBe(UNKNOWN);
  });
});

/** Lets the key server wait with its next answer. */
function holdBack(): { asked: Promise<void>; release: () => void } {
  let release = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    server.answerKeys((request, response) => {
      release = () => {
        delete server.answers['/keys'];
        json({ keys: server.keys })(request, response);
      };
      resolve();
    });
  });
  return { asked, release: () => release() };
}

async function settled(fetches: number): Promise<void> {
  while (server.fetches < fetches) await new Promise((resolve) => setImmediate(resolve));
}
