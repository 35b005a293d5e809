import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { KeySource } from '../../src/index.js';

export const ISSUER = 'https://auth.example.com';
export const NOW_SECONDS = 1_800_000_000;
export const USER_ID = '01920000-0000-7000-8000-000000000001';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export type Json = Record<string, unknown>;

export function newKey(kid: string = randomUUID(), namedCurve = 'P-256'): SigningKey {
  return { kid, ...generateKeyPairSync('ec', { namedCurve }) };
}

export function sourceOf(...keys: SigningKey[]): KeySource {
  return { find: (kid) => keys.find((key) => key.kid === kid)?.publicKey };
}

export function headerOf(key: SigningKey): Json {
  return { alg: 'ES256', typ: 'at+jwt', kid: key.kid };
}

export function claims(changes: Json = {}): Json {
  return {
    iss: ISSUER,
    aud: ISSUER,
    sub: USER_ID,
    user_id: USER_ID,
    email: 'ada@example.com',
    role: 'user',
    sid: '01920000-0000-7000-8000-000000000002',
    jti: '01920000-0000-7000-8000-000000000003',
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 600,
    ...changes,
  };
}

export function encode(part: Json | string | Buffer): string {
  if (Buffer.isBuffer(part)) return part.toString('base64url');
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

/** Signs any text, so that what is wrong with a token is never its signature. */
export function signText(text: string, { privateKey }: SigningKey): string {
  return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** A token of any header and payload; an undefined member is left out. */
export function token(
  key: SigningKey,
  changes: { header?: Json | string | Buffer; payload?: Json | string | Buffer } = {},
): string {
  const { header = headerOf(key), payload = claims() } = changes;
  return signText(`${encode(header)}.${encode(payload)}`, key);
}

export function tokenWithHeader(key: SigningKey, changes: Json): string {
  return token(key, { header: { ...headerOf(key), ...changes } });
}

export function tokenWithClaims(key: SigningKey, changes: Json): string {
  return token(key, { payload: claims(changes) });
}
