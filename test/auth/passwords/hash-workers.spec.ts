import { rm, writeFile } from 'node:fs/promises';
import { availableParallelism, getPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { parseHash } from '@auth-service/bcrypt-lanes';
import { hashSync } from 'bcryptjs';
import { HashBatches } from '../../../src/auth/passwords/hashing/hash-batches.service.js';
import { HashWorkers, type HashWorkersOptions } from '../../../src/auth/passwords/hashing/hash-workers.service.js';

const losing = new URL('../support/lost.worker.mjs', import.meta.url).href;
/** The worker looks for this file; a thread has its process's id. */
const lostAtStart = path.join(tmpdir(), `hash-worker-lost-${process.pid}`);
const job = (password: string) => ({ password, cost: 4, workCost: 4, salt: new Uint8Array(16) });

describe('The workers of the hash pool', () => {
  const opened: HashWorkers[] = [];
  const open = (options?: HashWorkersOptions): HashWorkers => {
    const workers = new HashWorkers(options);
    opened.push(workers);
    return workers;
  };
  afterEach(() => Promise.all(opened.splice(0).map((workers) => workers.close())));

  afterAll(() => rm(lostAtStart, { force: true }));

  it('are as many as there are cores', () => {
    expect(open().count).toBe(availableParallelism());
  });

  it('compute what bcryptjs does, and trust their lanes', async () => {
    const stored = [1, 2, 3].map((i) => parseHash(hashSync(`password ${i}`, 4))!);
    const jobs = stored.map(({ salt }, i) => ({ ...job(`password ${i + 1}`), salt }));
    const { digests, trouble, millis } = await open().compute(jobs);
    expect(digests).toEqual(stored.map(({ digest }) => digest));
    expect(trouble).toBeNull();
    expect(millis).toBeGreaterThan(0);
  });

  it('let the thread that answers requests go first, where threads have priorities of their own', async () => {
    const filename = new URL('../support/priority.worker.mjs', import.meta.url).href;
    const before = getPriority();
    const { millis: priority } = await open({ filename }).compute([job('well')]);
    expect(priority - before).toBe(process.platform === 'linux' ? 5 : 0);
    expect(getPriority()).toBe(before);
  });

  it.each([
    ['exits', 'exit', 'worker exited with code: 1'],
    ['throws', 'throw', 'thrown'],
    ['is silent for too long', 'hang', 'The task has been aborted'],
  ])('fail a batch whose worker %s, and compute the next', async (_, way, message) => {
    const workers = open({ filename: losing, lostAfterMillis: way === 'hang' ? 500 : 20_000 });
    await expect(workers.compute([job(way)])).rejects.toThrow(message);
    await expect(workers.compute([job('well')])).resolves.toMatchObject({ digests: [expect.any(Uint8Array)] });
  });

  it('fail a batch for which no worker could be started, tell so, and compute the next', async () => {
    const told: string[] = [];
    const workers = open({ filename: losing, onIdleLoss: ({ message }) => told.push(message) });
    await writeFile(lostAtStart, '');
    await expect(workers.compute([job('well')])).rejects.toThrow('The task has been aborted');
    expect(told).toEqual(['lost at the start']);
    await rm(lostAtStart);
    await expect(workers.compute([job('well')])).resolves.toMatchObject({ trouble: null });
  });

  it('answer those who wait behind a batch that costs a worker twice', async () => {
    const workers = open({ filename: losing, lostAfterMillis: 20_000 });
    const batches = new HashBatches(1, async (jobs) => (await workers.compute(jobs)).digests, 1);
    const answers = await Promise.allSettled(['exit', 'well', 'exit', 'well'].map((way) => batches.digest(job(way))));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
  });
});
