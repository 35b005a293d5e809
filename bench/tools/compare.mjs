import { median, round } from './figures.mjs';

/** @typedef {import('./load.mjs').Figures} Figures */
/**
 * @typedef {object} Side
 * @property {string} name
 * @property {number} [floor] what the first side's throughput is at least, in times of this one's
 * @property {(seconds: number) => Promise<Figures>} run
 */

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 6);

/**
 * The sides take turns, A B A B, so that a busy machine slows all alike; the first round warms up and is not counted.
 *
 * @param {string} title
 * @param {Side[]} sides the first is what the others are compared with
 * @returns {Promise<boolean>} whether every floor holds
 */
export async function compare(title, sides) {
  /** @type {Figures[][]} */
  const rounds = [];
  for (let turn = -1; turn < ROUNDS; turn += 1) {
    const figures = [];
    for (const side of sides) figures.push(await side.run(turn < 0 ? Math.min(2, SECONDS) : SECONDS));
    if (turn >= 0) rounds.push(figures);
  }
  const [first, ...others] = sides.map((_, i) => rounds.map((figures) => figures[i]?.perSecond ?? NaN));
  const times = [first, ...others].map((those) => median((first ?? []).map((own, i) => own / (those?.[i] ?? NaN))));
  const holds = sides.map(({ floor = 0 }, i) => (times[i] ?? NaN) >= floor);
  print(title, sides, rounds, times, holds);
  return holds.every(Boolean);
}

function print(
  /** @type {string} */ title,
  /** @type {Side[]} */ sides,
  /** @type {Figures[][]} */ rounds,
  /** @type {number[]} */ times,
  /** @type {boolean[]} */ holds,
) {
  const all = (/** @type {number} */ i, /** @type {keyof Figures} */ what) =>
    round(median(rounds.map((figures) => figures[i]?.[what] ?? NaN)));
  /** @type {Record<string, object>} */
  const table = {};
  for (const [i, { name, floor }] of sides.entries()) {
    table[name] = {
      'per second': all(i, 'perSecond'),
      'p50, ms': all(i, 'p50'),
      'p99, ms': all(i, 'p99'),
      refused: all(i, 'refused'),
      [`${sides[0]?.name} is`]: `${round(times[i] ?? NaN)} x`,
      'at least': floor === undefined ? '' : `${floor} x${holds[i] ? '' : ' MISSED'}`,
    };
  }
  console.log(`\n${title}: medians of ${ROUNDS} rounds of ${SECONDS} s each`);
  console.table(table);
}
