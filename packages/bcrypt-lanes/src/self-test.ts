import { digests } from './digest.js';
import type { BcryptJob } from './job.js';
import { LANES } from './layout.js';
import { parseHash } from './text.js';

/** Test vectors of Openwall's crypt_blowfish, cost 5: hashes and their passwords. */
const VECTORS = [
  ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
  ['U*U*U', '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
].map(([password, text]) => ({ password: password!, ...parseHash(text!)! }));

/**
 * Computes known hashes in every lane, with one, two and three lanes in use. Run it once per process or thread; it takes about
 * 20 ms.
 * @param compute the function to test; default: `digests`
 * @throws Error if a hash is wrong or cannot be computed. Do not trust any hash computed here then
 */
export function selfTest(compute: (jobs: readonly BcryptJob[], cost: number) => Uint8Array[] = digests): void {
  for (let lanes = 1; lanes <= LANES; lanes++) {
    for (let turn = 0; turn < lanes; turn++) {
      const jobs = Array.from({ length: lanes }, (_, lane) => VECTORS[(lane + turn) % LANES]!);
      const computed = compute(jobs, 5);
      const wrong = jobs.findIndex(
        ({ digest }, lane) => Buffer.compare(digest, computed[lane] ?? Buffer.alloc(0)) !== 0,
      );
      if (wrong >= 0) throw new Error(`bcrypt-lanes computed a wrong hash: lane ${wrong + 1} of ${lanes}`);
    }
  }
}
