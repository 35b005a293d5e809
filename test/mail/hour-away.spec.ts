import { randomBytes } from 'node:crypto';
import { MailService } from '../../src/mail/mail.service.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { type MailServer, startMailServer } from '../support/mail/mail-server.js';
import { startService, type TestService } from '../support/service/service.js';
import { until } from '../support/time/until.js';

const HOUR = 3_600;
const PEOPLE = Array.from({ length: 6 }, (_, i) => `patient-${i}@example.com`);
/** After 2 to 4 s, then twice as long each time: at least 2, 4, 8 s and so on, of which an hour holds eleven. */
const MOST_ATTEMPTS = 12;

/** Time as the queue has it stands in its rows: to let an hour pass, they are moved into the past. */
describe('Mails, while the mail server is away for an hour', () => {
  const AUTH_SECRET = randomBytes(32).toString('base64url');
  let database: TestDatabase;
  let server: MailServer;
  let elapsed = 0;
  let url: string;
  const log: string[][] = [];

  const start = async (): Promise<TestService> => {
    const service = await startService({ database, settings: { AUTH_SECRET, SMTP_URL: url } });
    log.push(service.log);
    return service;
  };

  beforeAll(async () => {
    database = await createDatabase();
    server = await startMailServer();
    url = server.url;
  });
  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  const attempts = (): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const line of log.flat()) {
      const id = /"event":"job_failed".*"jobId":"([^"]+)"/.exec(line)?.[1];
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  };
  const nextDue = async (): Promise<number> => {
    const [row] = await database.query<{ seconds: number | null }>(
      'SELECT min(extract(epoch FROM start_after - now()))::float AS seconds FROM jobs.job',
    );
    return row!.seconds ?? 0;
  };
  /** Nothing is under way and nothing is due. */
  const settled = (): Promise<boolean> =>
    until(async () => {
      const waiting = await database.query(`SELECT FROM jobs.job WHERE state = 'retry' AND start_after > now()`);
      return waiting.length === PEOPLE.length;
    });
  const letPass = async (seconds: number): Promise<void> => {
    elapsed += seconds;
    await database.query('UPDATE jobs.job SET start_after = start_after - make_interval(secs => $1)', [seconds]);
  };
  /** A quarter more than has passed, or until something is due. */
  const goOn = async (): Promise<void> => letPass(Math.max(elapsed / 4, (await nextDue()) + 0.01));

  it('are tried less and less often, by whichever replica is there, and each arrives once afterwards', async () => {
    const { port } = server;
    await server.stop();
    const first = await start();
    for (const to of PEOPLE) {
      await first.app.get(MailService, { strict: false }).enqueue('already_registered', { to, locale: 'en' }, {});
    }
    await settled();
    expect([...attempts().values()]).toEqual(PEOPLE.map(() => 1));
    while (elapsed < HOUR / 2) {
      await goOn();
      await settled();
    }
    await first.stop();
    expect(await database.query('SELECT FROM jobs.job')).toHaveLength(PEOPLE.length);
    const second = await start();
    while (elapsed < HOUR) {
      await goOn();
      await settled();
    }
    expect(second.log.some((line) => line.includes('job_failed'))).toBe(true);
    expect([...attempts().keys()]).toHaveLength(PEOPLE.length);
    for (const count of attempts().values()) {
      expect(count).toBeGreaterThan(3);
      expect(count).toBeLessThanOrEqual(MOST_ATTEMPTS);
    }
    server = await startMailServer({ port });
    while ((await database.query('SELECT FROM jobs.job')).length > 0) {
      await goOn();
      await until(async () => (await database.query('SELECT FROM jobs.job WHERE start_after <= now()')).length === 0);
    }
    expect(elapsed).toBeLessThan(4 * HOUR);
    expect(server.taken.map(({ envelope }) => envelope.to[0]).sort()).toEqual(PEOPLE);
    await second.stop();
    expect(new Set(server.taken.map(({ mail }) => mail.messageId)).size).toBe(PEOPLE.length);
  });
});
