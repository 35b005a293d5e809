import { HashBatches, type HashJob } from '../../../src/auth/passwords/hashing/hash-batches.service.js';

interface Handed {
  passwords: string[];
  answer: () => Promise<void>;
  lose: () => Promise<void>;
}

const job = (password: string, cost = 4, workCost = cost): HashJob => ({
  password,
  cost,
  workCost,
  salt: new Uint8Array(16),
});
const digestOf = (password: string): Uint8Array => new TextEncoder().encode(`digest of ${password}`);
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Workers that answer when the test says so. */
function batchesOf(workers: number, size = 3): { batches: HashBatches; handed: Handed[] } {
  const handed: Handed[] = [];
  const batches = new HashBatches(
    workers,
    (jobs) =>
      new Promise((resolve, reject) => {
        const passwords = jobs.map(({ password }) => password);
        handed.push({
          passwords,
          answer: () => (resolve(passwords.map(digestOf)), settle()),
          lose: () => (reject(new Error('lost')), settle()),
        });
      }),
    size,
  );
  return { batches, handed };
}

describe('The batches of the hash pool', () => {
  it('hand a lone job to a worker at once', () => {
    const { batches, handed } = batchesOf(2);
    void batches.digest(job('a'));
    expect(handed.map(({ passwords }) => passwords)).toEqual([['a']]);
    expect(batches.waiting).toEqual([]);
  });

  it('fill every free worker before any job waits', () => {
    const { batches, handed } = batchesOf(2);
    for (const name of 'abc') void batches.digest(job(name));
    expect(handed.map(({ passwords }) => passwords)).toEqual([['a'], ['b']]);
    expect(batches.waiting.map(({ password }) => password)).toEqual(['c']);
  });

  it('give a worker that becomes free up to three jobs, and never wait for a third', async () => {
    const { batches, handed } = batchesOf(1);
    for (const name of 'abcdef') void batches.digest(job(name));
    for (const expected of [['a'], ['b', 'c', 'd'], ['e', 'f']]) {
      expect(handed.at(-1)!.passwords).toEqual(expected);
      await handed.at(-1)!.answer();
    }
    expect(handed).toHaveLength(3);
  });

  it('give everyone the digest of their own job', async () => {
    const { batches, handed } = batchesOf(1);
    const answers = [...'abcde'].map((name) => batches.digest(job(name)));
    for (let i = 0; i < 3; i++) await handed[i]!.answer();
    expect(await Promise.all(answers)).toEqual([...'abcde'].map(digestOf));
  });

  it('put only jobs of one cost together, the oldest job’s', async () => {
    const { batches, handed } = batchesOf(1);
    const jobs = [job('first'), job('a', 10), job('b', 12), job('c', 10), job('d', 12), job('e', 10), job('f', 10)];
    for (const one of jobs) void batches.digest(one);
    for (let i = 0; i < 4; i++) await handed[i]!.answer();
    expect(handed.map(({ passwords }) => passwords)).toEqual([['first'], ['a', 'c', 'e'], ['b', 'd'], ['f']]);
  });

  it('put only jobs together that take the same work', async () => {
    const { batches, handed } = batchesOf(1);
    void batches.digest(job('first'));
    for (const [name, workCost] of [
      ['a', 4],
      ['b', 6],
      ['c', 4],
    ] as const)
      void batches.digest(job(name, 4, workCost));
    await handed[0]!.answer();
    expect(handed[1]!.passwords).toEqual(['a', 'c']);
  });

  it('let no job wait behind later ones of another cost for ever', async () => {
    const { batches, handed } = batchesOf(1);
    for (const one of [job('first', 10), job('rare', 12), job('x', 10)]) void batches.digest(one);
    await handed[0]!.answer();
    for (const name of 'yz') void batches.digest(job(name, 10));
    expect(handed[1]!.passwords).toEqual(['rare']);
  });

  it('give one job to a worker when they are told to', async () => {
    const { batches, handed } = batchesOf(1);
    for (const name of 'abc') void batches.digest(job(name));
    batches.batchSize = 1;
    for (let i = 0; i < 3; i++) await handed[i]!.answer();
    expect(handed.map(({ passwords }) => passwords)).toEqual([['a'], ['b'], ['c']]);
  });

  it('try the jobs of a lost worker once more, before all others', async () => {
    const { batches, handed } = batchesOf(1);
    const answers = [...'abcdef'].map((name) => batches.digest(job(name)));
    await handed[0]!.answer();
    await handed[1]!.lose();
    expect(handed[2]!.passwords).toEqual(['b', 'c', 'd']);
    await handed[2]!.answer();
    await handed[3]!.answer();
    expect(await Promise.all(answers)).toEqual([...'abcdef'].map(digestOf));
  });

  it('give a job up when its worker is lost a second time, and go on with the others', async () => {
    const { batches, handed } = batchesOf(1);
    const [first, second] = [batches.digest(job('a')), batches.digest(job('b', 10))];
    const refused = expect(first).rejects.toThrow('lost');
    await handed[0]!.lose();
    await handed[1]!.lose();
    await refused;
    await handed[2]!.answer();
    expect(await second).toEqual(digestOf('b'));
  });

  it('are settled when the last job is answered, however it was', async () => {
    const { batches, handed } = batchesOf(1);
    const answers = Promise.allSettled([...'ab'].map((name) => batches.digest(job(name))));
    let settled = false;
    const done = batches.settled().then(() => (settled = true));
    await handed[0]!.answer();
    await handed[1]!.lose();
    expect(settled).toBe(false);
    await handed[2]!.lose();
    await done;
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await batchesOf(1).batches.settled();
  });
});
