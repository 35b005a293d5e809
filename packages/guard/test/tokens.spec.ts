import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { closeApps, get, platformNames, type RunningApp, serveGuarded } from './support/apps.js';
import {
  claims,
  encode,
  headerOf,
  ISSUER,
  newKey,
  NOW_SECONDS,
  signText,
  sourceOf,
  token,
  tokenWithClaims,
  tokenWithHeader,
  USER_ID,
} from './support/tokens.js';

const key = newKey();
const stranger = newKey(key.kid);
const p384 = newKey('p-384', 'P-384');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwk = stranger.publicKey.export({ format: 'jwk' });

const good = token(key);
const [goodHeader, goodPayload, goodSignature] = good.split('.') as [string, string, string];

function hmac(alg: string, secret: string): string {
  const text = `${encode({ ...headerOf(key), alg })}.${encode(claims())}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function unsigned(alg: string): string {
  return `${encode({ ...headerOf(key), alg })}.${goodPayload}.`;
}

/** A valid token whose parts are padded with JSON's own spaces, so that a part ends in bits that base64 leaves unused. */
function withStrayBits(part: 0 | 1 | 2): string {
  for (const spaces of ['', ' ', '  ']) {
    const text = `${encode(JSON.stringify(headerOf(key)) + spaces)}.${encode(JSON.stringify(claims()) + spaces)}`;
    const parts = signText(text, key).split('.') as [string, string, string];
    if (parts[part].length % 4 === 0) continue;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet[alphabet.indexOf(parts[part].at(-1) ?? '') + 1] ?? '';
    parts[part] = parts[part].slice(0, -1) + last;
    if (part === 2) return parts.join('.');
    return signText(`${parts[0]}.${parts[1]}`, key);
  }
  throw new Error('no such token');
}

function without(name: string): string {
  return tokenWithClaims(key, { [name]: undefined });
}

const long = NOW_SECONDS + 600;

const refused: Record<string, string> = {
  'alg none': unsigned('none'),
  'alg None': unsigned('None'),
  'alg NONE': unsigned('NONE'),
  'alg nOnE with a signature': tokenWithHeader(key, { alg: 'nOnE' }),
  'alg missing': tokenWithHeader(key, { alg: undefined }),
  'alg as a list': tokenWithHeader(key, { alg: ['ES256'] }),
  'alg es256': tokenWithHeader(key, { alg: 'es256' }),
  'HS256 with the public key as PEM': hmac('HS256', pem),
  'HS256 with the public key as trimmed PEM': hmac('HS256', pem.trim()),
  'alg ES256 with an HMAC of the public key': hmac('ES256', pem),
  'alg ES384': tokenWithHeader(key, { alg: 'ES384' }),
  'alg RS256': tokenWithHeader(key, { alg: 'RS256' }),
  'alg none before ES256': token(key, { header: `{"alg":"ES256","typ":"at+jwt","kid":"${key.kid}","alg":"none"}` }),
  'a key on another curve': token(p384),
  'a key on another curve under a right kid': token({ ...p384, kid: key.kid }),
  'another key under a right kid': token(stranger),
  'an empty signature': `${goodHeader}.${goodPayload}.`,
  'a signature of zeros': `${goodHeader}.${goodPayload}.${encode(Buffer.alloc(64))}`,
  'a signature cut short': good.slice(0, -4),
  'a signature of another token': `${goodHeader}.${goodPayload}.${tokenWithClaims(key, { role: 'admin' }).split('.')[2]}`,
  'a payload changed after signing': `${goodHeader}.${encode(claims({ role: 'admin' }))}.${goodSignature}`,
  'a signature with another last character': withStrayBits(2),
  'a header with stray bits': withStrayBits(0),
  'a payload with stray bits': withStrayBits(1),
  'its own key as jwk': token(stranger, { header: { ...headerOf(key), jwk } }),
  'a jwk beside a right signature': tokenWithHeader(key, { jwk }),
  'a jku beside a right signature': tokenWithHeader(key, { jku: `${ISSUER}/.well-known/jwks.json` }),
  'an x5u beside a right signature': tokenWithHeader(key, { x5u: `${ISSUER}/cert` }),
  'an x5c beside a right signature': tokenWithHeader(key, { x5c: ['MIIB'] }),
  'kid unknown': tokenWithHeader(key, { kid: 'unknown' }),
  'kid a path': tokenWithHeader(key, { kid: '../../etc/passwd' }),
  'kid SQL': tokenWithHeader(key, { kid: "' OR 1=1 --" }),
  'kid of 10 KB': tokenWithHeader(key, { kid: 'k'.repeat(10_000) }),
  'kid an object': tokenWithHeader(key, { kid: { toString: key.kid } }),
  'kid a list': tokenWithHeader(key, { kid: [key.kid] }),
  'kid a number': tokenWithHeader(key, { kid: 1 }),
  'kid null': tokenWithHeader(key, { kid: null }),
  'kid empty': tokenWithHeader(key, { kid: '' }),
  'kid missing': tokenWithHeader(key, { kid: undefined }),
  'kid __proto__': tokenWithHeader(key, { kid: '__proto__' }),
  'typ JWT': tokenWithHeader(key, { typ: 'JWT' }),
  'typ of a refresh token': tokenWithHeader(key, { typ: 'rt+jwt' }),
  'typ missing': tokenWithHeader(key, { typ: undefined }),
  'typ a list': tokenWithHeader(key, { typ: ['at+jwt'] }),
  'an unknown crit': tokenWithHeader(key, { crit: ['future'], future: 1 }),
  'an empty crit': tokenWithHeader(key, { crit: [] }),
  'b64 false': tokenWithHeader(key, { b64: false, crit: ['b64'] }),
  'b64 false without crit': tokenWithHeader(key, { b64: false }),
  'exp past': tokenWithClaims(key, { iat: NOW_SECONDS - 700, exp: NOW_SECONDS - 100 }),
  'exp missing': without('exp'),
  'exp a string': tokenWithClaims(key, { exp: String(long) }),
  'exp 1e20': tokenWithClaims(key, { exp: 1e20 }),
  'exp 1e400': token(key, { payload: JSON.stringify(claims()).replace(String(long), '1e400') }),
  'exp null': tokenWithClaims(key, { exp: null }),
  'exp negative': tokenWithClaims(key, { exp: -long }),
  'exp in milliseconds': tokenWithClaims(key, { exp: long * 1000 }),
  'nbf in the future': tokenWithClaims(key, { nbf: NOW_SECONDS + 3600 }),
  'nbf a string': tokenWithClaims(key, { nbf: String(NOW_SECONDS) }),
  'iat an hour ahead': tokenWithClaims(key, { iat: NOW_SECONDS + 3600, exp: NOW_SECONDS + 4200 }),
  'iat negative': tokenWithClaims(key, { iat: -1 }),
  'iat missing': without('iat'),
  'iat a string': tokenWithClaims(key, { iat: String(NOW_SECONDS) }),
  'iss wrong': tokenWithClaims(key, { iss: 'https://evil.example.com' }),
  'iss missing': without('iss'),
  'iss a list': tokenWithClaims(key, { iss: [ISSUER] }),
  'iss a prefix': tokenWithClaims(key, { iss: ISSUER.slice(0, -1) }),
  'iss longer': tokenWithClaims(key, { iss: `${ISSUER}/` }),
  'aud wrong': tokenWithClaims(key, { aud: 'https://other.example.com' }),
  'aud missing': without('aud'),
  'aud a list': tokenWithClaims(key, { aud: [ISSUER] }),
  'aud a prefix': tokenWithClaims(key, { aud: ISSUER.slice(0, -1) }),
  'sub missing': without('sub'),
  'sub and user_id missing': tokenWithClaims(key, { sub: undefined, user_id: undefined }),
  'sub a number': tokenWithClaims(key, { sub: 1, user_id: 1 }),
  'sub empty': tokenWithClaims(key, { sub: '', user_id: '' }),
  'user_id of someone else': tokenWithClaims(key, { user_id: USER_ID.replace('1', '2') }),
  'user_id missing': without('user_id'),
  'email missing': without('email'),
  'role missing': without('role'),
  'role a list': tokenWithClaims(key, { role: ['user'] }),
  'sid missing': without('sid'),
  'jti missing': without('jti'),
  'auth_time a string': tokenWithClaims(key, { auth_time: '0' }),
  'amr a string': tokenWithClaims(key, { amr: 'pwd' }),
  'amr with a number': tokenWithClaims(key, { amr: ['pwd', 1] }),
  'four parts': `${good}.${goodSignature}`,
  'four parts, signed so': signText(`${goodHeader}.${goodPayload}.${goodPayload}`, key),
  'two parts': `${goodHeader}.${goodPayload}`,
  'an empty header': `.${goodPayload}.${goodSignature}`,
  'an empty payload': signText(`${goodHeader}.`, key),
  'a padded signature': `${good}==`,
  'a padded header': signText(`${encode(JSON.stringify(headerOf(key)).padEnd(100))}==.${goodPayload}`, key),
  'base64 instead of base64url': `${goodHeader}.${goodPayload}.${'+'.repeat(86)}`,
  'a space inside': `${goodHeader}. ${goodPayload}.${goodSignature}`,
  'a header that is a list': token(key, { header: '[]' }),
  'a header that is null': token(key, { header: 'null' }),
  'a header that is no JSON': token(key, { header: '{"alg":"ES256"' }),
  'a header that starts with a byte order mark': token(key, { header: `\uFEFF${JSON.stringify(headerOf(key))}` }),
  'a header that is not UTF-8': token(key, {
    header: Buffer.concat([
      Buffer.from(JSON.stringify({ ...headerOf(key), x: '' }).slice(0, -2)),
      Buffer.from([0xff, 0x22, 0x7d]),
    ]),
  }),
  'a payload that is not UTF-8': token(key, {
    payload: Buffer.concat([
      Buffer.from(JSON.stringify(claims({ x: '' })).slice(0, -2)),
      Buffer.from([0xff, 0x22, 0x7d]),
    ]),
  }),
  'a payload that is a list': token(key, { payload: '[]' }),
  'a payload that is null': token(key, { payload: 'null' }),
  'a payload that is no JSON': token(key, { payload: 'hello' }),
  'claims under __proto__': token(key, { payload: `{"__proto__":${JSON.stringify(claims())}}` }),
  'a refresh token': 'cnQx.MDE5MjAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAyAAAAAQ',
  'text that is no token': 'not-a-jwt',
  'dots alone': '..',
  'a token of 12 KB': tokenWithClaims(key, { note: 'x'.repeat(9_000) }),
};

describe.each(platformNames)('a token on %s', (platform) => {
  let app: RunningApp;

  beforeAll(async () => {
    app = await serveGuarded({ keys: sourceOf(key, p384) }, platform);
  });
  afterAll(closeApps);

  const accepted: Record<string, string> = {
    'as the service signs it': good,
    'with typ application/at+jwt': tokenWithHeader(key, { typ: 'application/at+jwt' }),
    'with typ AT+JWT': tokenWithHeader(key, { typ: 'AT+JWT' }),
    'with a key id given twice, the same': token(key, {
      header: JSON.stringify(headerOf(key)).replace('{', `{"kid":"${key.kid}",`),
    }),
    'with claims of later versions': tokenWithClaims(key, { scope: 'notes', nbf: NOW_SECONDS }),
    'with a name beyond ASCII': tokenWithClaims(key, { email: 'zoë@exämple.com' }),
    'of nearly 8 KiB': tokenWithClaims(key, { note: 'x'.repeat(5_500) }),
  };

  it.each(Object.keys(accepted))('is accepted %s', async (name) => {
    expect(await get(`${app.url}/me`, `Bearer ${accepted[name]}`)).toMatchObject({
      status: 200,
      body: { userId: USER_ID },
    });
  });

  it.each(Object.keys(refused))('is refused: %s', async (name) => {
    const answer = await get(`${app.url}/me`, `Bearer ${refused[name]}`);
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'The access token is invalid or has expired.',
      code: 'invalid_token',
    });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer error="invalid_token", error_description="The access token is invalid or has expired."',
    );
  });

  it('of 100 KB is refused by the server itself', async () => {
    const response = await fetch(`${app.url}/me`, { headers: { authorization: `Bearer ${'x'.repeat(100_000)}` } });
    expect(response.status).toBe(431);
  });

  it('is refused when its owner names the place of the keys, and that place is never asked', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'theirs' }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const place = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    for (const header of [{ jku: `${place}/jku` }, { x5u: `${place}/x5u` }, { kid: `${place}/kid` }, { iss: place }]) {
      const forged = token(stranger, { header: { ...headerOf(stranger), ...header } });
      expect((await get(`${app.url}/me`, `Bearer ${forged}`)).status).toBe(401);
    }
    expect(asked).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a key source that gives out a wrong kind of key', () => {
  afterAll(closeApps);

  const wrong = {
    'the private key': key.privateKey,
    'an RSA key': rsa.publicKey,
    'a key on another curve': p384.publicKey,
  };

  it.each(Object.keys(wrong) as (keyof typeof wrong)[])('accepts nobody: %s', async (name) => {
    const app = await serveGuarded({ keys: { find: () => wrong[name] } });
    expect((await get(`${app.url}/me`, `Bearer ${good}`)).status).toBe(401);
  });
});
