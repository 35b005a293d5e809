import { compareSync, hashSync } from 'bcryptjs';

/**
 * Runs in a worker thread of the hash pool, one job at a time.
 * @param {{ password: string, cost: number } | { password: string, hash: string }} job
 * @returns {string | boolean} the new hash, or whether the password is the hash's
 */
export default function bcrypt(job) {
  return 'hash' in job ? compareSync(job.password, job.hash) : hashSync(job.password, job.cost);
}
