import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** The public half of an elliptic-curve key (RFC 7518, section 6.2). */
export interface PublicJwk {
  kty: string;
  crv: string;
  x: string;
  y: string;
}

/** A fresh P-256 key pair with its identifier. */
export interface KeyPair {
  kid: string;
  publicJwk: PublicJwk;
  privateKey: KeyObject;
}

/** The SHA-256 thumbprint of an elliptic-curve key: the same key has the same id everywhere (RFC 7638). */
function thumbprint({ crv, kty, x, y }: PublicJwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

export function generateKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicJwk = publicKey.export({ format: 'jwk' }) as unknown as PublicJwk;
  return { kid: thumbprint(publicJwk), publicJwk, privateKey };
}
