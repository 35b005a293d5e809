import { compare, digests, parseHash } from '../src/index.js';
import { VECTORS } from './support/vectors.js';

describe('Published hashes', () => {
  it.each(VECTORS)('%s is its password’s', (hash, password) => {
    expect(compare(password, hash)).toBe(true);
  });

  it.each([
    ['first', 0],
    ['second', 1],
    ['third', 2],
  ])('come out the same in the %s lane, whatever the others compute', (_, lane) => {
    for (const [i, [hash, password]] of VECTORS.entries()) {
      const { salt, cost, digest } = parseHash(hash)!;
      const jobs = [VECTORS[(i + 7) % VECTORS.length]!, VECTORS[(i + 4) % VECTORS.length]!].map((other) => ({
        password: other[1],
        salt: parseHash(other[0])!.salt,
      }));
      jobs.splice(lane, 0, { password, salt });
      expect(digests(jobs, cost)[lane]).toEqual(digest);
    }
  });

  it('are no other password’s', () => {
    for (const [hash] of VECTORS) expect(compare('another password', hash)).toBe(false);
  });
});
