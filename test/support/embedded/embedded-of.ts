import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { postmasterOf } from '../../../src/platform/embedded-postgres/postmaster.js';
import { dataOf, query } from './embedded-clusters.js';

/** The folder of the embedded PostgreSQL of a service that was started in `cwd`. */
export const postgresIn = (cwd: string): string => path.join(cwd, '.data', 'postgres');

/** A way into the running embedded PostgreSQL of that service, past it. */
export async function embeddedOf(cwd: string) {
  const postmaster = await postmasterOf(dataOf(postgresIn(cwd)));
  if (!postmaster) throw new Error(`no embedded PostgreSQL runs in ${cwd}`);
  const password = (await readFile(path.join(postgresIn(cwd), 'cluster', 'password'), 'utf8')).trim();
  const url = `postgres://postgres:${password}@127.0.0.1:${postmaster.port}/auth?sslmode=disable`;
  return { url, query: (sql: string) => query(url, sql) };
}
