import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type BcryptHash, formatHash, parseHash } from '@auth-service/bcrypt-lanes';

/** HMAC-SHA-384 over the digest of a bcrypt that was made elsewhere, of the password itself. */
export const IMPORTED_SCHEME = 'hmac-sha384-bcrypt';

/** One more step doubles the time of a login: past this it is minutes on a small machine, or not a hash of people. */
const HIGHEST_COST = 15;
/** Of a bcrypt hash as text, all but its digest. */
const HEAD_LENGTH = 29;
const NO_DIGEST = '.'.repeat(31);
const FORM = /^(.{29})\$([A-Za-z0-9+/]{64})$/;
/** Apart from what passwords of our own are prepared with. */
const LABEL = 'auth-service/imported-hash';

/** What is kept of a hash from elsewhere: all that makes a digest of a password again, and what knows the right one. */
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
 * The text that is stored: version, cost and salt as they came, and in place of the digest its MAC. Who steals the table has
 * nothing to try passwords against.
 * @param key the password key
 */
export function sealForeignHash(hash: BcryptHash, key: Buffer): string {
  return `${formatHash(hash).slice(0, HEAD_LENGTH)}$${macOf(hash.digest, key).toString('base64')}`;
}

/** @returns null for any text that `sealForeignHash` would not give */
export function parseImportedHash(text: string): ImportedHash | null {
  const [, head, mac] = FORM.exec(text) ?? [];
  const made = head === undefined ? null : parseForeignHash(head + NO_DIGEST);
  return made && mac !== undefined ? { cost: made.cost, salt: made.salt, mac: Buffer.from(mac, 'base64') } : null;
}

/** @param digest 23 bytes, as bcrypt gives them @param key the password key */
export function isDigestOf({ mac }: ImportedHash, digest: Uint8Array, key: Buffer): boolean {
  return timingSafeEqual(macOf(digest, key), mac);
}

function macOf(digest: Uint8Array, key: Buffer): Buffer {
  const macKey = Buffer.from(hkdfSync('sha384', key, '', LABEL, 48));
  return createHmac('sha384', macKey).update(digest).digest();
}
