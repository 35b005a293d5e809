import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/platform/embedded-postgres/embedded-postgres.js';
import { urlOfDatabase } from './database.js';
import { databasePrefix, dropLeftoverDatabases, folderPrefix, removeLeftoverFolders } from './leftovers.js';
import { migrate } from '../../../src/platform/database/migrate.js';

/** What is to be undone at the end, the last first. */
const undo: (() => Promise<unknown>)[] = [];

/**
 * Opens the server that the specs of this run share: TEST_DATABASE_URL, whose role may create databases, or an embedded
 * one. The workers find its URL and the name of the migrated template in the environment.
 */
export async function openTestServer(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void closeTestServer().finally(() => process.exit(1)));
  }
  try {
    const url = process.env.TEST_DATABASE_URL || (await startEmbedded());
    const run = databasePrefix + randomBytes(4).toString('hex');
    const connection = await register(url, run);
    await dropLeftoverDatabases(connection);
    await makeTemplate(connection, url, `${run}_template`);
    Object.assign(process.env, { TEST_DATABASE_URL: url, TEST_DATABASE_RUN: run });
  } catch (error) {
    await closeTestServer(); // Jest runs no teardown after a setup that failed
    throw error;
  }
}

/** Stops and removes what was opened, as far as it was opened. */
export async function closeTestServer(): Promise<void> {
  for (let next = undo.pop(); next; next = undo.pop()) await next();
}

async function startEmbedded(): Promise<string> {
  await removeLeftoverFolders();
  const dataDir = await mkdtemp(path.join(tmpdir(), `${folderPrefix}${process.pid}-`));
  undo.push(() => rm(dataDir, { recursive: true, force: true }));
  const server = await startEmbeddedPostgres({ dataDir, database: 'postgres', port: 0, unsafeFast: true });
  undo.push(() => rm(server.clusterDir, { recursive: true, force: true }));
  undo.push(() => server.stop());
  return server.url;
}

/** A connection that lives as long as this run: by its name other runs see which databases are still needed. */
async function register(url: string, run: string): Promise<pg.Client> {
  const connection = new pg.Client({ connectionString: url, application_name: run });
  connection.on('error', () => undefined);
  await connection.connect();
  undo.push(() => connection.end());
  return connection;
}

async function makeTemplate(connection: pg.Client, url: string, template: string): Promise<void> {
  await connection.query(`CREATE DATABASE ${template} TEMPLATE template0`);
  undo.push(() => connection.query(`DROP DATABASE IF EXISTS ${template}`));
  await migrate(urlOfDatabase(url, template));
  // A template that somebody is connected to cannot be copied.
  await connection.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
}
