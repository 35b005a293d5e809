// How long the service takes from its start to ready, and how much memory it then holds, as the Dockerfile makes and starts it:
// what is installed for development beside it would be loaded, and counted, too.
// npm run build && node scripts/with-database.mjs node bench/startup.mjs
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { copyBuildContext } from '../scripts/image/build-context.mjs';
import { followDockerfile } from '../scripts/image/dockerfile.mjs';
import { start } from '../scripts/image/image-process.mjs';
import { median } from './tools/figures.mjs';
import { freePort } from '../scripts/free-port.mjs';

const RUNS = 5;
const LOGINS = 20;
const IDLE_MILLIS = 10_000;
/** What each figure must stay under. */
const LIMITS = { 'start to ready, ms': 1_000, 'memory after 10 s, MB': 130, 'memory after 20 logins, MB': 220 };

/** @typedef {Record<keyof typeof LIMITS, number>} Figures */

const repository = fileURLToPath(new URL('..', import.meta.url));
const person = { email: 'ada@example.com', password: randomBytes(12).toString('base64url') };
const settings = {
  DATABASE_URL: process.env.DATABASE_URL ?? '',
  AUTH_SECRET: randomBytes(32).toString('base64url'),
  ISSUER_URL: 'https://auth.example.com',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
};

/** @returns {Promise<import('../scripts/image/dockerfile.mjs').Stage>} what runs in production */
async function makeImage(/** @type {string} */ folder) {
  const context = path.join(folder, 'context');
  await copyBuildContext(repository, context);
  return followDockerfile({ dockerfile: path.join(context, 'Dockerfile'), context, into: folder });
}

/** Runs `work` beside a service of its own. @returns what `work` gives */
async function withService(
  /** @type {import('../scripts/image/dockerfile.mjs').Stage} */ image,
  /** @type {(url: string, readyMillis: number, pid: number) => Promise<Figures | void>} */ work,
) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const began = performance.now();
  const service = await start(image, image.command, { ...settings, PORT: String(port) });
  service.stderr.pipe(process.stderr, { end: false });
  service.stdout.resume();
  try {
    while (!(await isReady(url))) {
      if (service.exitCode !== null) throw new Error('the service did not start');
      await wait(5);
    }
    return await work(url, performance.now() - began, Number(service.pid));
  } finally {
    const ended = service.exitCode === null ? once(service, 'exit') : null;
    service.kill('SIGTERM');
    await ended;
  }
}

async function isReady(/** @type {string} */ url) {
  const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
  return answer?.status === 200;
}

async function post(/** @type {string} */ url) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(person) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  await answer.arrayBuffer();
}

/** Resident memory, as Linux has it. */
async function residentMegabytes(/** @type {number} */ pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** @returns {Promise<Figures>} */
async function measure(/** @type {string} */ url, /** @type {number} */ readyMillis, /** @type {number} */ pid) {
  await wait(IDLE_MILLIS);
  const idle = await residentMegabytes(pid);
  for (let login = 0; login < LOGINS; login += 1) await post(`${url}/auth/login`);
  return {
    'start to ready, ms': readyMillis,
    'memory after 10 s, MB': idle,
    'memory after 20 logins, MB': await residentMegabytes(pid),
  };
}

/** @type {Figures[]} */
const runs = [];
// Two levels, because the service may run under another account than this script: it needs to enter the first one.
const folder = await mkdtemp(path.join(tmpdir(), 'auth-startup-'));
await chmod(folder, 0o755);
try {
  const image = await makeImage(folder);
  await withService(image, (url) => post(`${url}/auth/register`)); // migrates, and makes the keys
  for (let run = 0; run < RUNS; run += 1) runs.push(/** @type {Figures} */ (await withService(image, measure)));
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @type {Record<string, object>} */
const table = {};
for (const [name, limit] of Object.entries(LIMITS)) {
  const all = runs.map((run) => run[/** @type {keyof Figures} */ (name)]).map(Math.round);
  table[name] = { median: median(all), lowest: Math.min(...all), highest: Math.max(...all), limit };
  if (median(all) >= limit) process.exitCode = 1;
}
console.table(table);
