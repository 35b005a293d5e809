import { createPublicKey, type KeyObject } from 'node:crypto';
import { isKeyId, isObject } from '../core/token-format.js';

/** The 32 bytes of a coordinate on P-256 (RFC 7518 section 6.2.1.2). */
const COORDINATE = /^[A-Za-z0-9_-]{43}$/;

/**
 * The keys of a JWK Set (RFC 7517 section 5) that verify access tokens: EC P-256, for ES256 and signatures, each with an id of its own.
 * Others are left out, as the RFC asks: a set may hold keys for other purposes.
 *
 * @throws Error when it is no JWK Set
 */
export function readJwkSet(set: unknown): ReadonlyMap<string, KeyObject> {
  if (!isObject(set) || !Array.isArray(set.keys)) throw new Error('the keys of the issuer are no JWK Set');
  const keys = new Map<string, KeyObject>();
  for (const jwk of set.keys.filter(isObject)) {
    const key = verifies(jwk) ? publicKeyOf(jwk) : undefined;
    if (key && isKeyId(jwk.kid) && !keys.has(jwk.kid)) keys.set(jwk.kid, key);
  }
  return keys;
}

function verifies({ kty, crv, alg, use, key_ops: operations }: Record<string, unknown>): boolean {
  const forSignatures = use === undefined || use === 'sig';
  const mayVerify = operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
  return kty === 'EC' && crv === 'P-256' && (alg === undefined || alg === 'ES256') && forSignatures && mayVerify;
}

/** Undefined for a point that is not on the curve. Only the public members are read, whatever else is there. */
function publicKeyOf({ x, y }: Record<string, unknown>): KeyObject | undefined {
  if (typeof x !== 'string' || typeof y !== 'string' || !COORDINATE.test(x) || !COORDINATE.test(y)) return undefined;
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
