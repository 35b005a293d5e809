import { describe, expect, it } from '@jest/globals';
import { auc, bootstrapInterval, compare, median, seededRandom, shuffled } from './statistics.js';

/** Times around `middle`, some of them far above, as a busy machine gives them. */
function times(random: () => number, middle: number, count = 150): number[] {
  return Array.from({ length: count }, () => middle + 3 * (random() + random() - 1) + (random() < 0.05 ? 40 : 0));
}

describe('The statistics of the timing test', () => {
  it('draw the same numbers for the same seed, evenly', () => {
    const [one, other, more] = [seededRandom(7), seededRandom(7), seededRandom(8)];
    const drawn = Array.from({ length: 10_000 }, one);
    expect(drawn).toEqual(Array.from({ length: 10_000 }, other));
    expect(drawn.slice(0, 10)).not.toEqual(Array.from({ length: 10 }, more));
    expect([Math.min(...drawn) >= 0, Math.max(...drawn) < 1]).toEqual([true, true]);
    expect(Math.abs(drawn.reduce((a, b) => a + b) / drawn.length - 0.5)).toBeLessThan(0.02);
  });

  it('shuffle without losing anything', () => {
    const random = seededRandom(1);
    const orders = new Set(Array.from({ length: 200 }, () => shuffled([1, 2, 3], random).join('')));
    expect([...orders].sort()).toEqual(['123', '132', '213', '231', '312', '321']);
  });

  it('know a median', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([5])]).toEqual([2, 2.5, 5]);
    expect(median([])).toBeNaN();
  });

  it('know how well two can be told apart', () => {
    expect([auc([3, 4], [1, 2]), auc([1, 2], [3, 4]), auc([1, 2], [1, 2]), auc([2], [1, 2])]).toEqual([
      1, 0, 0.5, 0.75,
    ]);
  });

  it('give an interval around a true difference', () => {
    const random = seededRandom(2);
    const [low, high] = bootstrapInterval(times(random, 60), times(random, 50), random);
    expect([low < 10, high > 10, low > 8.5, high < 11.5]).toEqual([true, true, true, true]);
  });

  it.each([
    ['the same time', 60, 60, false],
    ['a difference of 1 %', 60.1, 60, false],
    ['a difference of 10 %', 66, 60, true],
    ['an answer at once', 1, 60, true],
  ])('judge %s', (_, some, others, tellsApart) => {
    const random = seededRandom(3);
    for (let i = 0; i < 5; i++) {
      expect(compare(times(random, some), times(random, others), 60, random)).toMatchObject({ tellsApart });
    }
  });
});
