// Hashes that one core computes in a second of its time: bcrypt-lanes, and the libraries that are used otherwise.
// `npm run bench:hashing -- [rounds]`. The sides take turns; the time is the processor's, so that what others do on the machine weighs less.
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import nodeRs from '@node-rs/bcrypt';
import native from 'bcrypt';
import bcryptjs from 'bcryptjs';
import { digests, LANES } from '@auth-service/bcrypt-lanes';
import { median, round } from './tools/figures.mjs';

const ROUNDS = Number(process.argv[2] ?? 9);
const COSTS = [10, 12];
/** The least that is acceptable of three lanes, in times of the better native binding. */
const FLOOR = 2;
const password = randomBytes(48).toString('base64');

/** @type {Record<string, { hashes: number, run: (cost: number) => unknown }>} */
const sides = {
  bcryptjs: { hashes: 1, run: (cost) => bcryptjs.hashSync(password, cost) },
  'bcrypt (C++)': { hashes: 1, run: (cost) => native.hashSync(password, cost) },
  '@node-rs/bcrypt': { hashes: 1, run: (cost) => nodeRs.hashSync(password, cost) },
};
for (let lanes = 1; lanes <= LANES; lanes += 1) {
  const jobs = Array.from({ length: lanes }, () => ({ password, salt: randomBytes(16) }));
  sides[`bcrypt-lanes, ${lanes} at once`] = { hashes: lanes, run: (cost) => digests(jobs, cost) };
}

console.log(`${cpus()[0]?.model}, Node ${process.version}, ${ROUNDS} rounds`);
for (const cost of COSTS) {
  for (const { run } of Object.values(sides)) run(cost); // to warm up
  const rounds = Array.from({ length: ROUNDS }, () => oneRound(cost));
  report(cost, rounds);
}

/** @returns {Record<string, number>} how many milliseconds of the processor's time each side took */
function oneRound(/** @type {number} */ cost) {
  return Object.fromEntries(
    Object.entries(sides).map(([name, { run }]) => {
      const before = process.cpuUsage();
      run(cost);
      const { user, system } = process.cpuUsage(before);
      return [name, (user + system) / 1_000];
    }),
  );
}

function report(/** @type {number} */ cost, /** @type {Record<string, number>[]} */ rounds) {
  /** @type {Record<string, object>} */
  const table = {};
  for (const [name, { hashes }] of Object.entries(sides)) {
    const millis = median(rounds.map((round) => round[name] ?? NaN));
    const ratio = median(rounds.map((round) => (bestNative(round) * hashes) / (round[name] ?? NaN)));
    table[name] = {
      'ms of CPU': round(millis),
      'hashes/s a core': round((1_000 * hashes) / millis),
      'of native': round(ratio),
    };
    if (hashes === LANES && ratio < FLOOR) process.exitCode = 1;
  }
  console.log(`\ncost ${cost}`);
  console.table(table);
}

function bestNative(/** @type {Record<string, number>} */ round) {
  return Math.min(round['bcrypt (C++)'] ?? NaN, round['@node-rs/bcrypt'] ?? NaN);
}
