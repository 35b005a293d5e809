import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type BcryptHash, formatHash, parseHash } from '@auth-service/bcrypt-lanes';

/** HMAC-SHA-384 over the digest of an imported bcrypt hash, which was made from the plain password. */
export const IMPORTED_SCHEME = 'hmac-sha384-bcrypt';

/** Each step doubles the time of a login; higher costs could take minutes on a small machine. */
const HIGHEST_COST = 15;
/** The length of a bcrypt hash as text, without its digest. */
const HEAD_LENGTH = 29;
const NO_DIGEST = '.'.repeat(31);
const FORM = /^(.{29})\$([A-Za-z0-9+/]{64})$/;
/** Derives a separate key, because the password key itself is used for the service's own hashes. */
const LABEL = 'auth-service/imported-hash';

/** The stored parts of an imported hash: what is needed to compute the digest again, and the MAC to compare it with. */
export interface ImportedHash {
  cost: number;
  /** 16 bytes. */
  salt: Uint8Array;
  mac: Buffer;
}

/** @returns null for any text that is not a bcrypt hash (`$2a$`, `$2b$`, `$2y$`) of a cost from 4 to 15 */
export function parseForeignHash(text: string): BcryptHash | null {
  const hash = parseHash(text);
  return hash && hash.cost <= HIGHEST_COST ? hash : null;
}

/**
 * The stored text: version, cost and salt as imported, and the MAC of the digest instead of the digest. Without the key, a
 * stolen table cannot be used to test passwords.
 * @param key the password key
 */
export function sealForeignHash(hash: BcryptHash, key: Buffer): string {
  return `${formatHash(hash).slice(0, HEAD_LENGTH)}$${macOf(hash.digest, key).toString('base64')}`;
}

/** @returns null for a text that `sealForeignHash` would not return */
export function parseImportedHash(text: string): ImportedHash | null {
  const [, head, mac] = FORM.exec(text) ?? [];
  const made = head === undefined ? null : parseForeignHash(head + NO_DIGEST);
  return made && mac !== undefined ? { cost: made.cost, salt: made.salt, mac: Buffer.from(mac, 'base64') } : null;
}

/** @param digest the 23 bytes of a bcrypt digest @param key the password key */
export function isDigestOf({ mac }: ImportedHash, digest: Uint8Array, key: Buffer): boolean {
  return timingSafeEqual(macOf(digest, key), mac);
}

function macOf(digest: Uint8Array, key: Buffer): Buffer {
  const macKey = Buffer.from(hkdfSync('sha384', key, '', LABEL, 48));
  return createHmac('sha384', macKey).update(digest).digest();
}
