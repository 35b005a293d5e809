import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { encode, type Json, newKey, type SigningKey } from '../../../packages/guard/test/support/tokens.js';

const now = Math.floor(Date.now() / 1000);
export const intruder = newKey();
const p384 = newKey('p-384', 'P-384');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** What a forger may do with a good token, its claims and the service's own keys. */
export interface Forge {
  good: string;
  keys: { active: SigningKey; standby: SigningKey };
  header: (changes: Json, key?: SigningKey) => string;
  claims: (changes: Json, key?: SigningKey) => string;
}

const headers: Record<string, (forge: Forge) => string> = {
  'alg none': ({ good }) => `${encode({ alg: 'none', typ: 'at+jwt' })}.${good.split('.')[1]}.`,
  'alg none with the right kid': ({ header }) => header({ alg: 'none' }),
  'alg NoNe': ({ header }) => header({ alg: 'NoNe' }),
  'alg NONE and no signature': ({ header }) => header({ alg: 'NONE' }).replace(/[^.]+$/, ''),
  'alg missing': ({ header }) => header({ alg: undefined }),
  'alg HS256 with the public key': ({ good, keys }) => {
    const text = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: keys.active.kid })}.${good.split('.')[1]}`;
    const pem = keys.active.publicKey.export({ type: 'spki', format: 'pem' });
    return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
  },
  'alg RS256 by an RSA key': ({ good, keys }) => {
    const text = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: keys.active.kid })}.${good.split('.')[1]}`;
    return `${text}.${signBytes('sha256', Buffer.from(text), rsa.privateKey).toString('base64url')}`;
  },
  'another curve': ({ header }) => header({}, p384),
  'another key': ({ header }) => header({}, intruder),
  'another key under its own kid': ({ header }) => header({ kid: intruder.kid }, intruder),
  'the standby key under the kid of the active one': ({ header, keys }) => header({}, keys.standby),
  'an empty signature': ({ good }) => good.replace(/[^.]+$/, ''),
  'a DER signature': ({ good, keys }) => {
    const text = good.split('.').slice(0, 2).join('.');
    return `${text}.${signBytes('sha256', Buffer.from(text), keys.active.privateKey).toString('base64url')}`;
  },
  'a jwk': ({ header }) => header({ jwk: intruder.publicKey.export({ format: 'jwk' }) }, intruder),
  'a jwk beside a right signature': ({ header, keys }) =>
    header({ jwk: keys.active.publicKey.export({ format: 'jwk' }) }),
  'a jku beside a right signature': ({ header }) => header({ jku: 'http://localhost:3000/.well-known/jwks.json' }),
  'an x5u beside a right signature': ({ header }) => header({ x5u: 'http://localhost:3000/cert' }),
  'an x5c': ({ header }) => header({ x5c: ['MIIB'] }),
  'kid unknown': ({ header }) => header({ kid: 'unknown' }),
  'kid a path': ({ header }) => header({ kid: '../../../dev/null' }),
  'kid SQL': ({ header }) => header({ kid: "x' UNION SELECT 'key" }),
  'kid of 10 KB': ({ header }) => header({ kid: 'k'.repeat(10_000) }),
  'kid an object': ({ header }) => header({ kid: { $ne: null } }),
  'kid missing': ({ header }) => header({ kid: undefined }),
  'typ JWT': ({ header }) => header({ typ: 'JWT' }),
  'typ missing': ({ header }) => header({ typ: undefined }),
  'an unknown crit': ({ header }) => header({ crit: ['exp'] }),
  'b64 false': ({ header }) => header({ b64: false, crit: ['b64'] }),
  'b64 false without crit': ({ header }) => header({ b64: false }),
};

const claims: Record<string, (forge: Forge) => string> = {
  'exp past': ({ claims }) => claims({ iat: now - 700, exp: now - 31 }),
  'exp missing': ({ claims }) => claims({ exp: undefined }),
  'exp a string': ({ claims }) => claims({ exp: String(now + 600) }),
  'exp 1e20': ({ claims }) => claims({ exp: 1e20 }),
  'nbf in the future': ({ claims }) => claims({ nbf: now + 120 }),
  'iat an hour ahead': ({ claims }) => claims({ iat: now + 3_600, exp: now + 4_200 }),
  'iss wrong': ({ claims }) => claims({ iss: 'https://evil.example' }),
  'iss missing': ({ claims }) => claims({ iss: undefined }),
  'iss a list': ({ claims }) => claims({ iss: ['http://localhost:3000'] }),
  'iss a prefix': ({ claims }) => claims({ iss: 'http://localhost:300' }),
  'aud wrong': ({ claims }) => claims({ aud: 'https://other.example' }),
  'aud missing': ({ claims }) => claims({ aud: undefined }),
  'aud a list': ({ claims }) => claims({ aud: ['http://localhost:3000', 'https://other.example'] }),
  'aud a prefix': ({ claims }) => claims({ aud: 'http://localhost:300' }),
  'sub missing': ({ claims }) => claims({ sub: undefined }),
  'sub a number': ({ claims }) => claims({ sub: 1, user_id: 1 }),
  'sub of nobody': ({ claims }) => claims({ sub: intruder.kid, user_id: intruder.kid }),
  'sub no id at all': ({ claims }) => claims({ sub: "' OR 1=1 --", user_id: "' OR 1=1 --" }),
  'sub with a NUL': ({ claims }) => claims({ sub: 'a\u0000', user_id: 'a\u0000' }),
  'a role without a signature for it': ({ good, claims }) =>
    [...claims({ role: 'admin' }).split('.').slice(0, 2), good.split('.')[2]].join('.'),
};

const shapes: Record<string, (forge: Forge) => string> = {
  'four parts': ({ good }) => `${good}.x`,
  'two parts': ({ good }) => good.replace(/\.[^.]+$/, ''),
  padding: ({ good }) => `${good}==`,
  'padding of the payload': ({ good }) => good.replace(/\.([^.]+)\./, '.$1=.'),
  'a space': ({ good }) => good.replace('.', '. '),
  'a letter more': ({ good }) => `${good}A`,
  'no form at all': () => 'not-a-jwt',
  '12 KB': ({ claims }) => claims({ note: 'x'.repeat(9_000) }), // a third more in base64
};

/** Tokens that must be refused, each by what is wrong with it; all else about them is right. */
export const forgedTokens = { ...headers, ...claims, ...shapes };
