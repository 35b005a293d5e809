import { createHmac } from 'node:crypto';
import {
  claims as usualClaims,
  encode,
  headerOf,
  ISSUER,
  type Json,
  newKey,
  NOW_SECONDS,
  type SigningKey,
  signText,
  token as usualToken,
  USER_ID,
} from './tokens.js';

export interface TokenCases {
  /** Published by the issuer; `otherCurve` must not verify anything, even so. */
  key: SigningKey;
  otherCurve: SigningKey;
  accepted: Record<string, string>;
  refused: Record<string, string>;
}

/** Every way in which a token can be right, and wrong, for a guard of that issuer at that time. */
export function tokenCases(issuer = ISSUER, nowSeconds = NOW_SECONDS): TokenCases {
  const claims = (changes: Json = {}): Json =>
    usualClaims({ iss: issuer, aud: issuer, iat: nowSeconds, exp: nowSeconds + 600, ...changes });
  const token: typeof usualToken = (by, changes = {}) => usualToken(by, { payload: claims(), ...changes });
  const tokenWithHeader = (by: SigningKey, changes: Json): string =>
    token(by, { header: { ...headerOf(by), ...changes } });
  const tokenWithClaims = (by: SigningKey, changes: Json): string => token(by, { payload: claims(changes) });
  const key = newKey();
  const stranger = newKey(key.kid);
  const p384 = newKey('p-384', 'P-384');
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

  const long = nowSeconds + 600;

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
    'a jku beside a right signature': tokenWithHeader(key, { jku: `${issuer}/.well-known/jwks.json` }),
    'an x5u beside a right signature': tokenWithHeader(key, { x5u: `${issuer}/cert` }),
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
    'exp past': tokenWithClaims(key, { iat: nowSeconds - 700, exp: nowSeconds - 100 }),
    'exp missing': without('exp'),
    'exp a string': tokenWithClaims(key, { exp: String(long) }),
    'exp 1e20': tokenWithClaims(key, { exp: 1e20 }),
    'exp 1e400': token(key, { payload: JSON.stringify(claims()).replace(String(long), '1e400') }),
    'exp null': tokenWithClaims(key, { exp: null }),
    'exp negative': tokenWithClaims(key, { exp: -long }),
    'exp in milliseconds': tokenWithClaims(key, { exp: long * 1000 }),
    'nbf in the future': tokenWithClaims(key, { nbf: nowSeconds + 3600 }),
    'nbf a string': tokenWithClaims(key, { nbf: String(nowSeconds) }),
    'iat an hour ahead': tokenWithClaims(key, { iat: nowSeconds + 3600, exp: nowSeconds + 4200 }),
    'iat negative': tokenWithClaims(key, { iat: -1 }),
    'iat missing': without('iat'),
    'iat a string': tokenWithClaims(key, { iat: String(nowSeconds) }),
    'iss wrong': tokenWithClaims(key, { iss: 'https://evil.example.com' }),
    'iss missing': without('iss'),
    'iss a list': tokenWithClaims(key, { iss: [issuer] }),
    'iss a prefix': tokenWithClaims(key, { iss: issuer.slice(0, -1) }),
    'iss longer': tokenWithClaims(key, { iss: `${issuer}/` }),
    'aud wrong': tokenWithClaims(key, { aud: 'https://other.example.com' }),
    'aud missing': without('aud'),
    'aud a list': tokenWithClaims(key, { aud: [issuer] }),
    'aud a prefix': tokenWithClaims(key, { aud: issuer.slice(0, -1) }),
    'sub missing': without('sub'),
    'sub and user_id missing': tokenWithClaims(key, { sub: undefined, user_id: undefined }),
    'sub a number': tokenWithClaims(key, { sub: 1, user_id: 1 }),
    'sub empty': tokenWithClaims(key, { sub: '', user_id: '' }),
    'user_id of someone else': tokenWithClaims(key, { user_id: USER_ID.replace('1', '2') }),
    'user_id missing': without('user_id'),
    'email missing': without('email'),
    'email_verified a string': tokenWithClaims(key, { email_verified: 'true' }),
    'email_verified a number': tokenWithClaims(key, { email_verified: 1 }),
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

  const accepted: Record<string, string> = {
    'as the service signs it': good,
    'with typ application/at+jwt': tokenWithHeader(key, { typ: 'application/at+jwt' }),
    'with typ AT+JWT': tokenWithHeader(key, { typ: 'AT+JWT' }),
    'with a key id given twice, the same': token(key, {
      header: JSON.stringify(headerOf(key)).replace('{', `{"kid":"${key.kid}",`),
    }),
    'with claims of later versions': tokenWithClaims(key, { scope: 'notes', nbf: nowSeconds }),
    'with a name beyond ASCII': tokenWithClaims(key, { email: 'zoë@exämple.com' }),
    'of nearly 8 KiB': tokenWithClaims(key, { note: 'x'.repeat(5_500) }),
  };

  return { key, otherCurve: p384, accepted, refused };
}
