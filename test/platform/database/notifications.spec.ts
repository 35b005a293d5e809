import { Notifications } from '../../../src/platform/database/notifications.js';
import { createDatabase, type TestDatabase } from '../../support/database/database.js';
import { type Gate, openGate } from '../../support/database/gate.js';
import { startService, type TestService } from '../../support/service/service.js';
import { until } from '../../support/time/until.js';
import { millisOf, quickest } from '../../support/time/quickest.js';

describe('Notifications', () => {
  let database: TestDatabase;
  let gate: Gate;
  let service: TestService;
  let notifications: Notifications;
  let reconnects = 0;
  let asked = 0;
  const heard: string[] = [];
  const told = (): string[] => heard.filter((line) => !line.endsWith('?'));

  beforeAll(async () => {
    database = await createDatabase();
    gate = await openGate(database.url);
    service = await startService({ database: { ...database, url: gate.url } });
    notifications = service.app.get(Notifications, { strict: false });
    notifications.onReconnect(() => (reconnects += 1));
    for (const channel of ['Ships at sea', 'trains', 'trains']) {
      notifications.listen(channel, (payload) => void heard.push(`${channel}: ${payload}`));
    }
    await until(async () => (await listeners()) === 1);
    await untilHeard();
  });
  afterAll(async () => {
    await service.stop();
    await gate.stop();
    await database.drop();
  });

  const tell = (channel: string, payload: string) => database.query('SELECT pg_notify($1, $2)', [channel, payload]);
  const listeners = async (): Promise<number> =>
    (
      await database.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^LISTEN' AND pid <> pg_backend_pid()`,
      )
    ).length;
  const linesOf = (event: string): number => service.log.filter((line) => line.includes(`"event":"${event}"`)).length;
  /** Asks until the last channel that was asked for is heard. */
  const untilHeard = async (): Promise<void> => {
    asked += 1;
    await until(async () => {
      await tell('Ships at sea', `are you there ${asked}?`);
      return heard.some((line) => line.endsWith(` ${asked}?`));
    });
  };

  it('are handed to every handler of their channel, and to no other', async () => {
    await tell('Ships at sea', 'one');
    await tell('ships at sea', 'two');
    await tell('trains', '');
    await until(async () => told().length >= 3);
    expect(told()).toEqual(['Ships at sea: one', 'trains: ', 'trains: ']);
    expect(await listeners()).toBe(1);
  });

  it('are heard again after the connection ended, and whoever asked is told that some may be lost', async () => {
    const before = reconnects;
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^LISTEN'
          AND pid <> pg_backend_pid()`,
    );
    await until(async () => reconnects > before);
    await untilHeard();
    expect(await listeners()).toBe(1);
  });

  it('are heard within 2 s of the return of a database that was away for long, with one line for the whole time', async () => {
    const attempt = async (): Promise<number> => {
      const [before, lost, restored] = [reconnects, linesOf('notifications_lost'), linesOf('notifications_restored')];
      gate.shut();
      const opened = gate.refused + 6;
      await until(async () => gate.refused >= opened);
      gate.open();
      const millis = await millisOf(() => until(async () => reconnects > before));
      await untilHeard();
      expect([linesOf('notifications_lost'), linesOf('notifications_restored')]).toEqual([lost + 1, restored + 1]);
      return millis;
    };
    expect(await quickest(2_000, attempt)).toBeLessThan(2_000);
  });

  it('are heard on a new connection when the old one has frozen without a word', async () => {
    const [before, lost] = [reconnects, linesOf('notifications_lost')];
    gate.freeze();
    await until(async () => linesOf('notifications_lost') > lost);
    gate.open();
    await until(async () => reconnects > before);
    await untilHeard();
  });

  it('do not keep a service from closing while the database is away', async () => {
    const AUTH_SECRET = service.config.authSecrets[0]!.toString('base64url');
    const attempt = async (): Promise<number> => {
      const other = await openGate(database.url);
      const closing = await startService({ database: { ...database, url: other.url }, settings: { AUTH_SECRET } });
      other.shut();
      const millis = await millisOf(() => closing.stop());
      expect(other.connections).toBe(0);
      await other.stop();
      return millis;
    };
    expect(await quickest(2_000, attempt)).toBeLessThan(2_000);
  });
});
