// Whether a replica that nobody kills keeps its size.
import { setTimeout as wait } from 'node:timers/promises';
import { residentMegabytes } from '../revocations/processes.mjs';

/** What it may grow by after it has warmed up; in a short run it is still warming up. */
const LONG = { warmUpMinutes: 5, most: 1.1 };
const SHORT = { warmUpMinutes: 1, most: 1.35 };
const LONG_MINUTES = 15;
const SAMPLES = 10;

/** @typedef {{ findings: () => Promise<string[]>, megabytes: () => Record<string, number> }} MemoryWatch */

/** @returns {MemoryWatch} */
export function startMemoryWatch(
  /** @type {import('./replicas.mjs').Replica} */ replica,
  /** @type {number} */ minutes,
) {
  const { warmUpMinutes, most } = minutes >= LONG_MINUTES ? LONG : SHORT;
  /** @type {Record<string, number>} */
  const megabytes = { 'at the start': NaN, 'warmed up': NaN, 'at the end': NaN };
  const measure = async (/** @type {string} */ when) => {
    megabytes[when] = await usual(replica.pid());
  };
  const measured = measure('at the start')
    .then(() => wait(warmUpMinutes * 60_000))
    .then(() => measure('warmed up'));
  return {
    megabytes: () => megabytes,
    findings: async () => {
      await measured;
      await measure('at the end');
      const growth = (megabytes['at the end'] ?? NaN) / (megabytes['warmed up'] ?? NaN);
      return growth <= most ? [] : [`resident memory grew to ${growth.toFixed(2)} of what it was, at most ${most}`];
    },
  };
}

/** The median of some seconds: between two collections it goes up and down. */
async function usual(/** @type {number} */ pid) {
  const samples = [];
  for (let i = 0; i < SAMPLES; i += 1) {
    samples.push(await residentMegabytes(pid));
    await wait(500);
  }
  return Math.round(samples.sort((a, b) => a - b)[SAMPLES / 2] ?? NaN);
}
