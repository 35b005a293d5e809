import { compare, type Comparison, median, shuffled } from './statistics.js';

const ROUNDS = 150;
const WARM_UP = 10;

/** Times of requests of several kinds, in milliseconds, one of each kind a round, in random order. */
export async function interleaved<Kind extends string>(
  kinds: readonly Kind[],
  ask: (kind: Kind) => Promise<number>,
  random: () => number,
  rounds = ROUNDS,
): Promise<Record<Kind, number[]>> {
  const times = Object.fromEntries(kinds.map((kind) => [kind, [] as number[]])) as Record<Kind, number[]>;
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const kind of shuffled(kinds, random)) {
      const millis = await ask(kind);
      if (round >= 0) times[kind].push(millis);
    }
  }
  return times;
}

/**
 * Compares two kinds of requests, and once more, with twice as many times of their own, when they were told apart: of many comparisons some are told
 * apart by chance, while a difference that lasts is found again.
 * @param whole the kind that takes the time a difference is held against
 */
export async function compareTwice<Kind extends string>(
  times: Record<Kind, number[]>,
  [some, others, whole]: readonly [Kind, Kind, Kind],
  ask: (kind: Kind) => Promise<number>,
  random: () => number,
): Promise<Comparison> {
  const first = compare(times[some], times[others], median(times[whole]), random);
  if (!first.tellsApart) return first;
  const again = await interleaved([some, others], ask, random, 2 * ROUNDS);
  return compare(again[some], again[others], median(times[whole]), random);
}
