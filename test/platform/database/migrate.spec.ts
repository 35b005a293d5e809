import pg from 'pg';
import { migrate } from '../../../src/platform/database/migrate.js';
import { createDatabase, type TestDatabase } from '../../support/database/database.js';

describe('Migrations', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  it('wait for another replica that is migrating, whatever time limits the role carries', async () => {
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    const { rows } = await other.query<{ key: number }>('SELECT 7265101 AS key, pg_advisory_lock(7265101)');
    await other.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET statement_timeout = '50ms'`);
    await other.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET lock_timeout = '50ms'`);
    const migrated = migrate(database.url);
    const waiting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted`;
    while ((await other.query(waiting, [rows[0]!.key])).rowCount === 0) continue;
    await other.query('SELECT pg_sleep(0.2)'); // four times what the limits would allow
    await other.query('SELECT pg_advisory_unlock($1)', [rows[0]!.key]);
    await other.end();
    await expect(migrated).resolves.toBeUndefined();
  });
});
