import { digests, LANES, selfTest } from '../src/index.js';

describe('The self-test', () => {
  it('finds nothing wrong', () => {
    expect(() => selfTest()).not.toThrow();
  });

  const places = [1, 2, 3].flatMap((lanes) => Array.from({ length: lanes }, (_, lane) => [lane + 1, lanes] as const));

  it.each(places)('notices one wrong bit in lane %i of %i', (lane, lanes) => {
    const wrong: typeof digests = (jobs, cost) => {
      const computed = digests(jobs, cost);
      if (jobs.length === lanes) computed[lane - 1]![22]! ^= 1;
      return computed;
    };
    expect(() => selfTest(wrong)).toThrow(`bcrypt-lanes computed a wrong hash: lane ${lane} of ${lanes}`);
  });

  it('notices results that belong to another lane', () => {
    expect(() => selfTest((jobs, cost) => digests(jobs, cost).reverse())).toThrow('computed a wrong hash');
  });

  it('notices a result that is missing', () => {
    expect(() => selfTest((jobs, cost) => digests(jobs, cost).slice(0, LANES - 1))).toThrow('computed a wrong hash');
  });
});
