import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of a spec file's own, migrated and empty. */
export interface TestDatabase {
  url: string;
  /** Runs one statement past the service and gives its rows. */
  query<Row extends pg.QueryResultRow>(sql: string, params?: unknown[]): Promise<Row[]>;
  /** Drops the database, whoever is still connected to it. */
  drop(): Promise<void>;
}

/** Makes a copy of the migrated template; call `drop` in afterAll. */
export function createDatabase(): Promise<TestDatabase> {
  return copyOf(`${setting('TEST_DATABASE_RUN')}_template`);
}

/** Makes a database that no migration has seen; call `drop` in afterAll. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return copyOf('template0');
}

async function copyOf(template: string): Promise<TestDatabase> {
  const name = `${setting('TEST_DATABASE_RUN')}_${randomBytes(4).toString('hex')}`;
  await maintain(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = urlOfDatabase(setting('TEST_DATABASE_URL'), name);
  const pool = new pg.Pool({ connectionString: url, max: 2, allowExitOnIdle: true });
  pool.on('error', () => undefined); // specs end connections on purpose
  return {
    url,
    query: async <Row extends pg.QueryResultRow>(sql: string, params: unknown[] = []) =>
      (await pool.query<Row>(sql, params)).rows,
    drop: async () => {
      await pool.end();
      await maintain(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** The same server's URL, leading to another database. */
export function urlOfDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

async function maintain(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: setting('TEST_DATABASE_URL') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function setting(name: 'TEST_DATABASE_URL' | 'TEST_DATABASE_RUN'): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the database of the tests is opened by global-setup.mjs.`);
  return value;
}
