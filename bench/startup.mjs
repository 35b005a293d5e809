// How long the built service takes from its start to ready, and how much memory it then holds, in production.
// npm run build && node scripts/with-database.mjs node bench/startup.mjs
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const RUNS = 5;
const LOGINS = 20;
const IDLE_MILLIS = 10_000;
/** What each figure must stay under. */
const LIMITS = { 'start to ready, ms': 1_500, 'memory after 10 s, MB': 150, 'memory after 20 logins, MB': 220 };

/** @typedef {Record<keyof typeof LIMITS, number>} Figures */

const program = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));
const person = { email: 'ada@example.com', password: randomBytes(12).toString('base64url') };
const settings = {
  PATH: process.env.PATH,
  NODE_ENV: 'production',
  DATABASE_URL: process.env.DATABASE_URL,
  AUTH_SECRET: randomBytes(32).toString('base64url'),
  ISSUER_URL: 'https://auth.example.com',
  LOG_LEVEL: 'warn',
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs `work` beside a service of its own. @returns what `work` gives */
async function withService(
  /** @type {(url: string, readyMillis: number, pid: number) => Promise<Figures | void>} */ work,
) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const began = performance.now();
  const service = spawn(process.execPath, [program], { env: { ...settings, PORT: String(port) }, stdio: 'inherit' });
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

function median(/** @type {number[]} */ numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}

await withService((url) => post(`${url}/auth/register`)); // migrates, and makes the keys
/** @type {Figures[]} */
const runs = [];
for (let run = 0; run < RUNS; run += 1) runs.push(/** @type {Figures} */ (await withService(measure)));

/** @type {Record<string, object>} */
const table = {};
for (const [name, limit] of Object.entries(LIMITS)) {
  const all = runs.map((run) => run[/** @type {keyof Figures} */ (name)]).map(Math.round);
  table[name] = { median: median(all), lowest: Math.min(...all), highest: Math.max(...all), limit };
  if (median(all) >= limit) process.exitCode = 1;
}
console.table(table);
