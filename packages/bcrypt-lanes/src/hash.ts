import { randomBytes, timingSafeEqual } from 'node:crypto';
import { digests } from './digest.js';
import { SALT_BYTES } from './job.js';
import { formatHash, parseHash } from './text.js';

/**
 * Hashes one password, on the calling thread: for a script, or in a worker. For many, `digests`.
 * @param cost 4 to 31
 * @returns the hash as text, `$2b$…`
 * @throws TypeError, RangeError for what is not a password or a cost; Error where there is no WebAssembly
 */
export function hash(password: string | Uint8Array, cost: number): string {
  const salt = randomBytes(SALT_BYTES);
  const [digest] = digests([{ password, salt }], cost);
  return formatHash({ version: '2b', cost, salt, digest: digest! });
}

/**
 * Whether a hash, of whatever version, is this password's; on the calling thread.
 * @returns false also for a text that is no bcrypt hash, at once
 * @throws TypeError, RangeError for what is not a password; Error where there is no WebAssembly
 */
export function compare(password: string | Uint8Array, text: string): boolean {
  const stored = parseHash(text);
  if (!stored) return false;
  const [digest] = digests([{ password, salt: stored.salt }], stored.cost);
  return timingSafeEqual(digest!, stored.digest);
}
