/** An even random source from 0 up to 1 that repeats itself for the same seed (mulberry32): a failure can be looked at again. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in random order (Fisher-Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/**
 * How well the two can be told apart: the chance that one of `some` is greater than one of `others` (Mann-Whitney U over all
 * pairs, a tie counts half). 0.5: not at all.
 */
export function auc(some: readonly number[], others: readonly number[]): number {
  let wins = 0;
  for (const a of some) for (const b of others) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (some.length * others.length);
}

/** The middle 99 % of the median of `some` less that of `others`, by drawing pairs again and again (percentile bootstrap). */
export function bootstrapInterval(
  some: readonly number[],
  others: readonly number[],
  random: () => number,
  draws = 2_000,
): [low: number, high: number] {
  const pairs = some.map((value, i) => [value, others[i] ?? NaN] as const);
  const differences = Array.from({ length: draws }, () => {
    const drawn = pairs.map(() => pairs[Math.floor(random() * pairs.length)] ?? [NaN, NaN]);
    return median(drawn.map(([a]) => a)) - median(drawn.map(([, b]) => b));
  }).sort((a, b) => a - b);
  return [differences[Math.floor(draws * 0.005)] ?? NaN, differences[Math.ceil(draws * 0.995) - 1] ?? NaN];
}

export interface Comparison {
  auc: number;
  interval: [low: number, high: number];
  tellsApart: boolean;
}

const AUC_TOLERANCE = 0.1;
const DIFFERENCE_TOLERANCE = 0.05;

/** @param whole the time that a difference is held against, such as that of a hash: less than 5 % of it does not count */
export function compare(
  some: readonly number[],
  others: readonly number[],
  whole: number,
  random: () => number,
): Comparison {
  const separation = auc(some, others);
  const interval = bootstrapInterval(some, others, random);
  const small = interval.every((bound) => Math.abs(bound) < DIFFERENCE_TOLERANCE * whole);
  const holdsZero = interval[0] <= 0 && interval[1] >= 0;
  const alike = Math.abs(separation - 0.5) <= AUC_TOLERANCE && (holdsZero || small);
  return { auc: separation, interval, tellsApart: !alike };
}
