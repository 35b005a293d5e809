import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { isAlive, postmasterOf } from '../../../src/platform/embedded-postgres/postmaster.js';

/** `auth_test_<run>_…` */
export const databasePrefix = 'auth_test_';

/** `auth-service-test-<pid>-…` */
export const folderPrefix = 'auth-service-test-';

/** Drops the databases of runs that were killed: those whose own connection, which bears the run's name, is gone. */
export async function dropLeftoverDatabases(connection: pg.Client): Promise<void> {
  const { rows } = await connection.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database
      WHERE starts_with(datname, $1) AND pg_get_userbyid(datdba) = current_user
        AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE starts_with(pg_database.datname, application_name || '_')
                                                       AND starts_with(application_name, $1))`,
    [databasePrefix],
  );
  for (const { name } of rows) await connection.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

/** Stops the embedded servers of runs that were killed, and removes their data. */
export async function removeLeftoverFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${folderPrefix}(\\d+)-`).exec(name)?.[1]);
    const folder = path.join(tmpdir(), name);
    if (!pid || isAlive(pid) || (await stat(folder)).uid !== process.getuid?.()) continue;
    const postmaster = await postmasterOf(path.join(folder, 'cluster', 'data'));
    if (postmaster) process.kill(postmaster.pid, 'SIGQUIT');
    await rm(folder, { recursive: true, force: true, maxRetries: 10 }); // the server may still be writing its last
  }
}
