import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../../src/platform/embedded-postgres/embedded-postgres.js';
import { postmasterOf } from '../../../src/platform/embedded-postgres/postmaster.js';
import { Starter, type StarterOptions } from './embedded-process.js';
import { folderPrefix } from '../database/leftovers.js';

const folders: string[] = [];

/** A new folder that everybody may enter; {@link removeFolders} removes it. */
export async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), `${folderPrefix}${process.pid}-`));
  folders.push(made);
  await chmod(made, 0o755);
  return made;
}

/** Removes every folder, and stops what a failed test left running. */
export async function removeFolders(): Promise<void> {
  await Starter.killAll();
  for (const made of folders.splice(0)) {
    const postmaster = await postmasterOf(dataOf(made)).catch(() => null);
    if (postmaster) process.kill(postmaster.pid, 'SIGQUIT');
    await rm(await realpath(path.join(made, 'cluster')).catch(() => made), { recursive: true, maxRetries: 10 });
    await rm(made, { recursive: true, force: true });
  }
}

export const start = (dataDir: string, port = 0): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataDir, database: 'app', port, unsafeFast: true });

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export const dataOf = (dataDir: string): string => path.join(dataDir, 'cluster', 'data');

export const isDown = async (dataDir: string): Promise<boolean> => (await postmasterOf(dataOf(dataDir))) === null;

/** A cluster with one row in it, stopped. */
export async function stoppedCluster(): Promise<string> {
  const dataDir = await folder();
  const server = await start(dataDir);
  await query(server.url, 'CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS n');
  await server.stop();
  return dataDir;
}

/** A process that has its server up, with one row in it. */
export async function runningStarter(options: StarterOptions): Promise<{ starter: Starter; url: string }> {
  const starter = Starter.spawn(options);
  const { url } = await starter.says();
  await query(url!, 'CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS n');
  return { starter, url: url! };
}

/** The row that {@link stoppedCluster} or {@link runningStarter} wrote is there. */
export async function expectRowKept(url: string): Promise<void> {
  expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
}
