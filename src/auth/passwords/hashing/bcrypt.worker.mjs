import { digests, formatHash, parseHash, selfTest } from '@auth-service/bcrypt-lanes';
import { trustedDigests } from './trusted-digests.value.mjs';

const compute = trustedDigests({ selfTest, digests }, loadBcryptjs);

/**
 * Runs in a worker thread of the hash pool, one batch at a time.
 * @param {{ jobs: import('./trusted-digests.value.mjs').Job[], cost: number, workCost: number }} batch
 * @returns {Promise<import('./hash-workers.service.js').BatchResult>}
 */
export default async function bcrypt({ jobs, cost, workCost }) {
  const startedAt = performance.now();
  const { digests, trouble } = await compute(jobs, cost, workCost);
  return { digests, trouble, millis: performance.now() - startedAt };
}

/**
 * @returns {Promise<import('./trusted-digests.value.mjs').Digests>}
 */
async function loadBcryptjs() {
  const { hashSync } = await import('bcryptjs');
  return (jobs, cost) =>
    jobs.map(({ password, salt }) => {
      const withoutDigest = formatHash({ version: '2b', cost, salt, digest: new Uint8Array(23) }).slice(0, 29);
      const hash = parseHash(hashSync(password, withoutDigest));
      if (!hash) throw new Error('bcryptjs has given no hash');
      return hash.digest;
    });
}
