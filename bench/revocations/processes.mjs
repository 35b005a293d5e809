// Starts what the bench measures, each in a process of its own, and ends it.
import { fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../scripts/free-port.mjs';

/** @typedef {{ microseconds: number, rss: number, used: number, feed: import('@auth-service/guard').FeedState }} Cost */
/** @typedef {{ url: string, pid: number }} Replica */
/** @typedef {{ url: string, cost: () => Promise<Cost> }} App */

export const ISSUER = 'http://localhost:3000';
const program = path.join(import.meta.dirname, '../../dist/src/main.js');
const settings = {
  PATH: process.env.PATH,
  NODE_ENV: 'test',
  AUTH_SECRET: randomBytes(32).toString('base64url'),
  ISSUER_URL: ISSUER,
  BCRYPT_COST: '4', // logins are not what is measured
  REFRESH_REUSE_SECONDS: '0', // a refresh token that comes back closes its session without a wait
  LOG_LEVEL: 'fatal',
  RATE_LIMITS: 'off', // everybody comes from one address
};
/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();

/** @returns {Promise<Replica>} the built service, ready */
export async function startReplica(/** @type {string} */ databaseUrl) {
  const port = await freePort();
  const env = { ...settings, PORT: String(port), DATABASE_URL: databaseUrl };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  children.add(child);
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error('a replica did not start');
    return (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok;
  });
  return { url, pid: Number(child.pid) };
}

/** @returns {Promise<App>} an app whose guard follows that replica */
export async function startApp(/** @type {string} */ replicaUrl) {
  const file = path.join(import.meta.dirname, 'app.mjs');
  const child = fork(file, [ISSUER, replicaUrl], { execArgv: ['--expose-gc'] });
  children.add(child);
  const [url] = await once(child, 'message');
  const cost = async () => {
    child.send('cost');
    return (await once(child, 'message'))[0];
  };
  await until(async () => (await cost()).feed.status === 'following');
  return { url, cost };
}

/** Ends all that was started. */
export async function endAll() {
  for (const child of children) {
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
  }
  children.clear();
}

/** @returns {Promise<string>} the URL of a new database on the same server */
export async function createDatabase(/** @type {string} */ serverUrl, /** @type {string} */ name) {
  await query(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function query(/** @type {string} */ url, /** @type {string} */ sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** Asks again and again, until the answer is yes. */
export async function until(/** @type {() => Promise<unknown>} */ ask, withinMillis = 60_000) {
  const deadline = performance.now() + withinMillis;
  while (!(await ask())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMillis} ms: ${ask}`);
    await wait(20);
  }
}

/** Resident memory in MB, as Linux has it. */
export async function residentMegabytes(/** @type {number} */ pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
