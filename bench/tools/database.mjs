// A PostgreSQL of the bench's own, as durable as in production: every commit waits for the disk.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

/** @typedef {{ create: (name: string) => Promise<string>, version: () => Promise<string>, stop: () => Promise<void> }} Server */

/** @returns {Promise<Server>} `create` gives the URL of a new, empty database */
export async function startDatabase() {
  const folder = await mkdtemp(path.join(tmpdir(), 'auth-bench-'));
  await chmod(folder, 0o755); // the server may run under another account, which has to enter it
  const built = new URL('../../dist/src/platform/embedded-postgres/embedded-postgres.js', import.meta.url);
  const { startEmbeddedPostgres } = await import(built.href);
  const server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'data'), database: 'bench', port: 0 });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { create: (name) => create(server.url, name), version: () => versionOf(server.url), stop };
}

async function create(/** @type {string} */ serverUrl, /** @type {string} */ name) {
  await query(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function versionOf(/** @type {string} */ serverUrl) {
  const [row] = await query(serverUrl, 'SHOW server_version');
  return String(row?.server_version);
}

/** @returns {Promise<Record<string, unknown>[]>} */
async function query(/** @type {string} */ url, /** @type {string} */ sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
