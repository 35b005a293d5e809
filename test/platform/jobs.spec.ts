import { randomBytes } from 'node:crypto';
import { Database } from '../../src/platform/database/database.service.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { EventLog } from '../../src/platform/log/event-log.js';
import { type Job, RetryIsPointless } from '../../src/platform/jobs/job.js';
import { Metrics } from '../../src/platform/instruments/metrics.js';
import { NO_TRACING } from '../../src/platform/instruments/tracing.js';
import { JobStore } from '../../src/platform/jobs/job-store.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { QueueWorker } from '../../src/platform/jobs/queue-worker.js';
import { type QueueName, QUEUES } from '../../src/platform/jobs/queues.js';
import { createDatabase, createEmptyDatabase, type TestDatabase } from '../support/database/database.js';
import { type Gate, openGate } from '../support/database/gate.js';
import { startService, type TestService } from '../support/service/service.js';
import { until } from '../support/time/until.js';

/** Queues of this spec's own, so that no room of the service takes their jobs. */
const errands = 'errands' as QueueName;
const canary = 'a-secret-of-the-job@example.com';

interface Errand {
  what: string;
  dueAt?: Date;
}

describe('Jobs', () => {
  let database: TestDatabase;
  let gate: Gate;
  const services: TestService[] = [];
  const seen: { replica: number; job: Job<Errand> }[] = [];
  let handle: (job: Job<Errand>) => Promise<void>;

  const jobsOf = ({ app }: TestService): Jobs => app.get(Jobs, { strict: false });
  const rows = (): Promise<{ state: string; retry_count: number; output: unknown }[]> =>
    database.query(`SELECT state, retry_count, output FROM jobs.job WHERE name = '${errands}'`);
  const seenOf = (what: string): Job<Errand>[] => seen.flatMap(({ job }) => (job.data.what === what ? [job] : []));
  /** The time until the next attempt passes. */
  const hurry = (): Promise<unknown[]> =>
    database.query(`UPDATE jobs.job SET start_after = now() WHERE state = 'retry'`);

  beforeAll(async () => {
    database = await createDatabase();
    await database.query(`SELECT jobs.create_queue($1, '{}')`, [errands]);
    gate = await openGate(database.url);
    const settings = { AUTH_SECRET: randomBytes(32).toString('base64url') };
    for (const replica of [0, 1]) {
      const service = await startService({
        database: { ...database, url: gate.url },
        settings,
        beforeListening: (app) =>
          app.get(Jobs, { strict: false }).work<Errand>(errands, async (job) => {
            seen.push({ replica, job });
            await handle(job);
          }),
      });
      services.push(service);
    }
  });
  beforeEach(() => {
    seen.length = 0;
    handle = async () => undefined;
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await gate.stop();
    await database.drop();
  });

  it('are done once each by one of the replicas, with dates as they were, and leave nothing behind', async () => {
    const dueAt = new Date('2026-01-02T03:04:05.678Z');
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push(await jobsOf(services[i % 2]!).enqueue(errands, { what: `${i}`, dueAt }));
    await until(async () => seen.length >= 20 && (await rows()).length === 0);
    expect(seen.map(({ job }) => job.id).sort()).toEqual(ids.sort());
    expect(seenOf('7')).toEqual([
      { id: expect.any(String), attempt: 1, data: { what: '7', dueAt }, enqueuedAt: expect.any(Date) },
    ]);
    expect(await database.query('SELECT FROM jobs.archive')).toEqual([]);
  });

  it('are found by a replica that nobody has woken', async () => {
    const AUTH_SECRET = services[0]!.config.authSecrets[0]!.toString('base64url');
    const other = await startService({ database, settings: { AUTH_SECRET } }); // without a handler for them
    await jobsOf(other).enqueue(errands, { what: 'found' });
    await until(async () => seenOf('found').length === 1);
    await other.stop();
  });

  it('vanish with the transaction that asked for them', async () => {
    const refused = services[0]!.app.get(Database, { strict: false }).inTransaction(async () => {
      await jobsOf(services[0]!).enqueue(errands, { what: 'rolled back' });
      expect(await rows()).toEqual([]); // nobody else sees it before the commit
      throw new Error('changed my mind');
    });
    await expect(refused).rejects.toThrow('changed my mind');
    await jobsOf(services[0]!).enqueue(errands, { what: 'kept' });
    await until(async () => seenOf('kept').length === 1);
    expect(seenOf('rolled back')).toEqual([]);
  });

  it('are not begun before their time', async () => {
    await jobsOf(services[0]!).enqueue(errands, { what: 'later' }, { startAfter: new Date(Date.now() + 3_600_000) });
    await jobsOf(services[0]!).enqueue(errands, { what: 'now' });
    await until(async () => seenOf('now').length === 1);
    expect(seenOf('later')).toEqual([]);
    await database.query(`UPDATE jobs.job SET start_after = now()`);
    await until(async () => seenOf('later').length === 1);
  });

  it('come again after a failure, and tell the log and the row no more than the name of it', async () => {
    handle = async () => {
      throw Object.assign(new Error(`cannot reach ${canary}`), { code: 'ECONNREFUSED' });
    };
    const id = await jobsOf(services[0]!).enqueue(errands, { what: canary });
    await until(async () => (await rows())[0]?.state === 'retry');
    expect(await rows()).toEqual([{ state: 'retry', retry_count: 0, output: { reason: 'Error ECONNREFUSED' } }]);
    const [due] = await database.query<{ seconds: number }>(
      `SELECT extract(epoch FROM start_after - now())::float AS seconds FROM jobs.job WHERE id = $1`,
      [id],
    );
    expect(due!.seconds).toBeLessThanOrEqual(4);
    handle = async () => undefined;
    await hurry();
    await until(async () => (await rows()).length === 0);
    expect(seenOf(canary).map(({ id: seenId, attempt }) => [seenId, attempt])).toEqual([
      [id, 1],
      [id, 2],
    ]);
    const log = services.flatMap((service) => service.log).join('');
    expect(log).toContain(`"event":"job_failed","requestId":null,"queue":"errands","jobId":"${id}","attempt":1`);
    expect(log).not.toContain(canary);
  });

  it('are tried for more than a day and less than four', async () => {
    const [times] = await database.query<{ least: number; most: number }>(
      `SELECT sum(2 * 2 ^ (n + 1) / 2)::float / 3600 AS least, sum(2 * 2 ^ (n + 1))::float / 3600 AS most
         FROM generate_series(0, 15) n`,
    );
    await jobsOf(services[0]!).enqueue(errands, { what: 'tried' }, { startAfter: new Date(Date.now() + 3_600_000) });
    const settings = await database.query(`SELECT retry_limit, retry_delay, retry_backoff FROM jobs.job`);
    expect(settings).toEqual([{ retry_limit: 16, retry_delay: 2, retry_backoff: true }]);
    expect([times!.least > 24, times!.most < 96]).toEqual([true, true]);
    await database.query('DELETE FROM jobs.job');
  });

  it('are given up at once when trying again is pointless, and at the last attempt', async () => {
    handle = async () => {
      throw new RetryIsPointless('the address does not exist');
    };
    await jobsOf(services[0]!).enqueue(errands, { what: 'hopeless' });
    await until(async () => (await rows())[0]?.state === 'cancelled');
    handle = async () => {
      throw new Error('once more');
    };
    await jobsOf(services[0]!).enqueue(errands, { what: 'last' }, { startAfter: new Date(Date.now() + 3_600_000) });
    await database.query(
      `UPDATE jobs.job SET started_on = now(), retry_count = 15, start_after = now() WHERE state = 'created'`,
    );
    await until(async () => (await rows()).every(({ state }) => state === 'cancelled'));
    expect(seenOf('last').map(({ attempt }) => attempt)).toEqual([17]);
    expect(services.flatMap(({ log }) => log).filter((line) => line.includes('job_given_up'))).toEqual([
      expect.stringContaining('"reason":"the address does not exist"'),
      expect.stringContaining('"reason":"Error"'),
    ]);
    await database.query('DELETE FROM jobs.job');
  });

  it('show nobody who reads the database what they are about', async () => {
    await jobsOf(services[0]!).enqueue(errands, { what: canary }, { startAfter: new Date(Date.now() + 3_600_000) });
    const dump = await database.query<{ text: string }>(`SELECT job::text AS text FROM jobs.job job`);
    expect(dump).toHaveLength(1);
    expect(dump[0]!.text).not.toContain('a-secret-of-the-job');
    expect(dump[0]!.text).not.toContain(Buffer.from(canary).toString('base64').slice(0, 20));
    await database.query('DELETE FROM jobs.job');
  });

  it('are neither lost nor repeated when the database goes away while they are under way', async () => {
    let begun: () => void;
    let finish: () => void;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    const finished = new Promise<void>((resolve) => (finish = resolve));
    handle = () => {
      begun();
      return finished;
    };
    await jobsOf(services[0]!).enqueue(errands, { what: 'across' });
    await beginning;
    gate.shut();
    const refused = gate.refused + 4;
    finish!();
    await until(async () => gate.refused >= refused);
    expect((await rows())[0]!.state).toBe('active');
    gate.open();
    await until(async () => (await rows()).length === 0);
    expect(seenOf('across')).toHaveLength(1);
  });

  it('give their place free when their handler hangs, and come again', async () => {
    const { app } = services[0]!;
    await database.query(`SELECT jobs.create_queue('stuck', '{}')`);
    const stuck = 'stuck' as QueueName;
    const worker = new QueueWorker(
      stuck,
      () => new Promise(() => undefined),
      app.get(JobStore, { strict: false }),
      {
        events: app.get(EventLog, { strict: false }),
        outcomes: new Metrics().counter('stuck_total', 'Jobs.', { queue: [], outcome: [] }),
        tracing: NO_TRACING,
      },
      50,
    );
    const running = worker.run();
    await jobsOf(services[0]!).enqueue(stuck, { what: 'hangs' });
    await until(async () => services[0]!.log.some((line) => line.includes('"reason":"WorkTooLong"')));
    worker.stop();
    await running;
    expect(await database.query(`SELECT state FROM jobs.job WHERE name = 'stuck'`)).toEqual([{ state: 'retry' }]);
  });

  it('go to another replica when the one that took them does not come back', async () => {
    handle = () => new Promise(() => undefined); // as if it had been killed
    await jobsOf(services[0]!).enqueue(errands, { what: 'orphan' });
    await until(async () => seenOf('orphan').length === 1);
    await database.query(`UPDATE jobs.job SET started_on = now() - interval '121 seconds'`);
    handle = async () => undefined;
    const AUTH_SECRET = services[0]!.config.authSecrets[0]!.toString('base64url');
    const third = await startService({ database, settings: { AUTH_SECRET } }); // tidies up as it starts
    await until(async () => (await rows())[0]?.state === 'retry');
    await hurry();
    await until(async () => (await rows()).length === 0);
    expect(seenOf('orphan').map(({ attempt }) => attempt)).toEqual([1, 2]);
    await third.stop();
  });
});

describe('The queue', () => {
  it('is made once when three replicas start at once on an empty database, and again nothing happens', async () => {
    const database = await createEmptyDatabase();
    await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
    await migrate(database.url);
    expect(await database.query('SELECT name FROM jobs.queue ORDER BY name')).toEqual(
      [...QUEUES].sort().map((name) => ({ name })),
    );
    await database.drop();
  });
});
