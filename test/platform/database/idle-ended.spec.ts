import { DataSource } from 'typeorm';
import type { Config } from '../../../src/platform/config/config.js';
import { servingOptions } from '../../../src/platform/database/connections/data-source-options.js';
import { Database } from '../../../src/platform/database/database.service.js';
import { isDatabaseTrouble } from '../../../src/platform/database/trouble.js';
import { Metrics } from '../../../src/platform/instruments/metrics.js';
import { createDatabase, type TestDatabase } from '../../support/database/database.js';
import { type Gate, openGate } from '../../support/database/gate.js';
import { until } from '../../support/time/until.js';

const WRITE = { name: 'write', text: 'INSERT INTO written SELECT 1' };

/** The gate keeps back what the server says at its end: it comes when the next statement has already been sent. */
describe('A connection that PostgreSQL has ended while nobody used it', () => {
  let database: TestDatabase;
  let gate: Gate;
  let source: DataSource;
  let way: Database;

  beforeAll(async () => {
    database = await createDatabase();
    await database.query('CREATE TABLE written (n integer)');
    gate = await openGate(database.url);
  });
  beforeEach(async () => {
    await database.query('DELETE FROM written');
    const config = { databaseUrl: gate.url, databasePoolSize: 1, databasePooled: false, preparedStatements: true };
    source = new DataSource(servingOptions(config as Config));
    await source.initialize();
    way = new Database(source, config as Config, new Metrics());
  });
  afterEach(() => source.destroy());
  afterAll(async () => {
    await gate.stop();
    await database.drop();
  });

  const written = async (): Promise<number> => (await database.query('SELECT FROM written')).length;
  const backend = async (): Promise<number> =>
    (await way.query<{ pid: number }>({ name: 'pid', text: 'SELECT pg_backend_pid() AS pid' }, []))[0]!.pid;
  const gone = (pid: number): Promise<boolean> =>
    until(async () => (await database.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).length === 0);
  const timesOut = (): Promise<unknown> => way.query({ name: 'limit', text: `SET idle_session_timeout = '300ms'` }, []);
  const afterOpening = async (work: Promise<unknown>): Promise<unknown> => {
    gate.open();
    return work.catch((error: unknown) => error);
  };

  it.each([
    ['by itself', () => way.query(WRITE, [])],
    ['in a transaction', () => way.inTransaction(() => way.query(WRITE, []))],
  ])('because it was idle for too long has not begun a statement, which is done on another: %s', async (_, write) => {
    const pid = await backend();
    await timesOut();
    gate.freeze();
    await gone(pid);
    expect(await afterOpening(write())).toEqual([]);
    expect(await written()).toBe(1);
  });

  it('by a command may have done the statement, which is not done again', async () => {
    const pid = await backend();
    gate.freeze();
    await database.query('SELECT pg_terminate_backend($1)', [pid]);
    await gone(pid);
    const error = await afterOpening(way.query(WRITE, []));
    expect([isDatabaseTrouble(error), await written()]).toEqual([true, 0]);
  });
});
