import { randomBytes, randomInt } from 'node:crypto';
import { compareSync, hashSync } from 'bcryptjs';
import { compare, digests, formatHash, hash, LANES, type BcryptJob } from '../src/index.js';

const CASES = 1_000;
const COSTS = [4, 5, 6];

interface Case extends BcryptJob {
  password: string;
  expected: string;
}

/** Text of every length up to past bcrypt's limit, of one to four bytes a character, NUL among them. */
function randomPassword(): string {
  const characters = ['a', 'Z', '7', ' ', '\u0000', '\u007f', 'é', 'ß', '€', '漢', '\u{1f600}', '\u{10ffff}'];
  return Array.from({ length: randomInt(90) }, () => characters[randomInt(characters.length)]).join('');
}

function randomCase(cost: number): Case {
  const [password, salt] = [randomPassword(), new Uint8Array(randomBytes(16))];
  const withoutDigest = formatHash({ version: '2b', cost, salt, digest: new Uint8Array(23) }).slice(0, 29);
  return { password, salt, expected: hashSync(password, withoutDigest) };
}

const asText = (digest: Uint8Array, cost: number, salt: Uint8Array): string =>
  formatHash({ version: '2b', cost, salt, digest });

describe('bcryptjs, the reference, gives byte for byte the same', () => {
  it.each(COSTS)(`for random passwords and salts at cost %i, in every lane beside one and two others`, (cost) => {
    const cases = Array.from({ length: Math.ceil(CASES / COSTS.length) }, () => randomCase(cost));
    for (let lanes = 1; lanes <= LANES; lanes++) {
      for (let first = 0; first < cases.length; first += lanes) {
        const taken = cases.slice(first, first + lanes);
        const texts = digests(taken, cost).map((digest, lane) => asText(digest, cost, taken[lane]!.salt));
        expect(texts).toEqual(taken.map(({ expected }) => expected));
      }
    }
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 10])('for a batch of %i jobs, in the order of the jobs', (count) => {
    const cases = Array.from({ length: count }, () => randomCase(4));
    const texts = digests(cases, 4).map((digest, i) => asText(digest, 4, cases[i]!.salt));
    expect(texts).toEqual(cases.map(({ expected }) => expected));
  });

  it.each([
    ['71 bytes and 72', 'x'.repeat(71), 'x'.repeat(72), false],
    ['72 bytes and 73', 'x'.repeat(72), 'x'.repeat(73), true],
    ['characters that the limit cuts apart', `${'x'.repeat(71)}é`, `${'x'.repeat(71)}ê`, true],
    ['an empty password and NUL', '', '\u0000', true],
    ['a password and the same with NUL behind it', 'ab', 'ab\u0000', false],
    ['what stands behind a NUL', 'ab\u0000c', 'ab\u0000d', false],
    ['a password and itself twice, NUL between', 'ab', 'ab\u0000ab', true],
  ])('about %s', (_, one, other, same) => {
    const stored = hash(one, 4);
    expect([compare(other, stored), compareSync(other, stored)]).toEqual([same, same]);
  });

  it.each(['2a', '2b', '2y'])('under the name $%s$', (version) => {
    const stored = hashSync('a password', `$${version}$04$abcdefghijklmnopqrstuu`);
    expect(stored).toMatch(`$${version}$`);
    expect([compare('a password', stored), compare('another', stored)]).toEqual([true, false]);
  });
});

describe('A lane', () => {
  it('keeps nothing of a job for the next one', () => {
    const salt = new Uint8Array(16).fill(7);
    const job = { password: 'a password', salt };
    const [alone] = digests([job], 4);
    digests(
      [0, 1, 2].map(() => ({ password: randomPassword(), salt: randomBytes(16) })),
      4,
    );
    expect(digests([job], 4)).toEqual([alone]);
    expect(digests([job, job, job], 4)).toEqual([alone, alone, alone]);
  });

  it('computes one password with three salts as three hashes', () => {
    const jobs = [1, 2, 3].map((fill) => ({ password: 'a password', salt: new Uint8Array(16).fill(fill) }));
    expect(new Set(digests(jobs, 4).map((digest) => Buffer.from(digest).toString('hex'))).size).toBe(3);
  });
});
