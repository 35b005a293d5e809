import { digests, selfTest } from '@auth-service/bcrypt-lanes';
import { trustedDigests } from '../../../src/auth/passwords/hashing/trusted-digests.value.mjs';

const jobs = ['one', 'two'].map((password) => ({ password, salt: new Uint8Array(16) }));
const fromReference = [new Uint8Array(23).fill(1), new Uint8Array(23).fill(2)];
const failing = (message: string) => (): never => {
  throw new Error(message);
};

describe('The digests that are trusted', () => {
  let loads: number;
  const loadReference = async (): Promise<() => Uint8Array[]> => {
    loads += 1;
    return () => fromReference;
  };

  beforeEach(() => {
    loads = 0;
  });

  it('come from the lanes, and the reference is not even loaded', async () => {
    const compute = trustedDigests({ selfTest, digests }, loadReference);
    expect(await compute(jobs, 4, 4)).toEqual({ digests: digests(jobs, 4), trouble: null });
    expect(loads).toBe(0);
  });

  it('come from the reference when the self-test fails, and the lanes are never asked', async () => {
    let asked = 0;
    const lanes = { selfTest: failing('computes wrongly'), digests: () => [new Uint8Array(asked++)] };
    const compute = trustedDigests(lanes, loadReference);
    expect(await compute(jobs, 4, 4)).toEqual({ digests: fromReference, trouble: 'computes wrongly' });
    expect(asked).toBe(0);
  });

  it('come from the reference from the first failure on', async () => {
    let asked = 0;
    const trap = failing('memory access out of bounds');
    const lanes = { selfTest: () => undefined, digests: () => (++asked === 2 ? trap() : fromReference.toReversed()) };
    const compute = trustedDigests(lanes, loadReference);
    expect(await compute(jobs, 4, 4)).toMatchObject({ trouble: null });
    for (let i = 0; i < 3; i++) {
      expect(await compute(jobs, 4, 4)).toEqual({ digests: fromReference, trouble: 'memory access out of bounds' });
    }
    expect(asked).toBe(2);
  });

  it('come after the work of a higher cost, where that is asked for', async () => {
    const costs: number[] = [];
    const counted = (...[of, cost]: Parameters<typeof digests>) => (costs.push(cost), digests(of, cost));
    const compute = trustedDigests({ selfTest, digests: counted }, loadReference);
    expect(await compute(jobs, 4, 7)).toEqual({ digests: digests(jobs, 4), trouble: null });
    expect(costs[0]).toBe(4);
    expect(costs.reduce((sum, cost) => sum + 2 ** cost, 0)).toBe(2 ** 7);
  });
});
