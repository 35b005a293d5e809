import { randomBytes, timingSafeEqual } from 'node:crypto';
import { digests } from './digest.js';
import { SALT_BYTES } from './job.js';
import { formatHash, parseHash } from './text.js';

/**
 * Hashes one password on the calling thread, for example in a script or a worker. For many passwords use `digests`.
 * @param cost 4 to 31
 * @returns the hash as text, `$2b$…`
 * @throws TypeError, RangeError for an invalid password or cost; Error if WebAssembly is not available
 */
export function hash(password: string | Uint8Array, cost: number): string {
  const salt = randomBytes(SALT_BYTES);
  const [digest] = digests([{ password, salt }], cost);
  return formatHash({ version: '2b', cost, salt, digest: digest! });
}

/**
 * Whether a bcrypt hash of any version matches the password. Runs on the calling thread.
 * @returns false, immediately, if the text is not a bcrypt hash
 * @throws TypeError, RangeError for an invalid password; Error if WebAssembly is not available
 */
export function compare(password: string | Uint8Array, text: string): boolean {
  const stored = parseHash(text);
  if (!stored) return false;
  const [digest] = digests([{ password, salt: stored.salt }], stored.cost);
  return timingSafeEqual(digest!, stored.digest);
}
