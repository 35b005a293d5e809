// Logins through the whole service, in production: with bcrypt-lanes, with the native binding and with bcryptjs in the same threads.
// `npm run bench:logins -- [rounds] [seconds]`. The sides take turns; each is a replica of its own on the same database.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import autocannon from 'autocannon';
import { median, round } from './tools/figures.mjs';
import { freePort } from '../scripts/free-port.mjs';
import { AS_IN_PRODUCTION } from './tools/processes.mjs';

const ROUNDS = Number(process.argv[2] ?? 3);
const SECONDS = Number(process.argv[3] ?? 8);
const COSTS = [10, 12];
/** Enough to keep three lanes of each core at work, and few enough that nobody is turned away. */
const CONNECTIONS = 5 * availableParallelism();
/** The least that is acceptable, in times of the same service with the native binding. */
const FLOOR = 1.7;
const SIDES = { lanes: null, native: 'native.preload.mjs', bcryptjs: 'bcryptjs.preload.mjs' };

/** @typedef {keyof typeof SIDES} Side */
/** @typedef {{ perSecond: number, millis: number, p50: number, p99: number, refused: number }} Figures */
/** @typedef {{ url: string, pid: number, stop: () => Promise<void> }} Service */

const person = JSON.stringify({ email: 'ada@example.com', password: randomBytes(12).toString('base64url') });
const post = { method: /** @type {const} */ ('POST'), headers: { 'content-type': 'application/json' }, body: person };
const sides = /** @type {Side[]} */ (Object.keys(SIDES));
const settings = {
  PATH: process.env.PATH,
  NODE_ENV: 'production',
  DATABASE_URL: process.env.DATABASE_URL,
  AUTH_SECRET: randomBytes(32).toString('base64url'),
  ISSUER_URL: 'https://auth.example.com',
  LOG_LEVEL: 'fatal',
  RATE_LIMITS: 'off', // all log in with one account, from one address
};

for (const cost of COSTS) await compare(cost);

async function compare(/** @type {number} */ cost) {
  /** @type {Service[]} */
  const services = [];
  try {
    for (const side of sides) services.push(await start(side, cost));
    if (cost === COSTS[0]) await fetch(`${services[0]?.url}/auth/register`, post);
    /** @type {Figures[][]} */
    const rounds = [];
    for (let round = -1; round < ROUNDS; round += 1) {
      const figures = [];
      for (const service of services) figures.push(await load(service, round < 0 ? 2 : SECONDS));
      if (round >= 0) rounds.push(figures); // the first is to warm up, and renews the hash
    }
    report(cost, rounds);
  } finally {
    await Promise.all(services.map(({ stop }) => stop()));
  }
}

/** @returns {Promise<Service>} */
async function start(/** @type {Side} */ side, /** @type {number} */ cost) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const preload = SIDES[side];
  const options = preload ? ['--import', path.join(import.meta.dirname, 'hashing', preload)] : [];
  const env = { ...settings, PORT: String(port), BCRYPT_COST: String(cost) };
  const program = path.join(import.meta.dirname, '../dist/src/main.js');
  const service = spawn(process.execPath, [...AS_IN_PRODUCTION, ...options, program], { env, stdio: 'inherit' });
  while (!(await isReady(url))) {
    if (service.exitCode !== null) throw new Error(`the service with ${side} did not start`);
    await wait(20);
  }
  const stop = async () => {
    service.kill('SIGTERM');
    await once(service, 'exit');
  };
  return { url, pid: Number(service.pid), stop };
}

/** @returns {Promise<Figures>} */
async function load(/** @type {Service} */ { url, pid }, /** @type {number} */ duration) {
  const before = await computed(pid);
  const result = await autocannon({ url: `${url}/auth/login`, ...post, connections: CONNECTIONS, duration });
  if (result.errors > 0) throw new Error(`${result.errors} requests failed`);
  const { '2xx': done, non2xx: refused, latency } = result;
  const millis = ((await computed(pid)) - before) / done;
  return { perSecond: done / result.duration, millis, p50: latency.p50, p99: latency.p99, refused };
}

/** The milliseconds that a process has computed so far, as Linux has it: in hundredths of a second. */
async function computed(/** @type {number} */ pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12);
  return (Number(user) + Number(system)) * 10;
}

function report(/** @type {number} */ cost, /** @type {Figures[][]} */ rounds) {
  const all = (/** @type {number} */ i, /** @type {keyof Figures} */ name) =>
    rounds.map((side) => side[i]?.[name] ?? NaN);
  const times = (/** @type {number[]} */ these, /** @type {number[]} */ those) =>
    median(these.map((figure, round) => figure / (those[round] ?? NaN)));
  /** @type {Record<string, object>} */
  const table = {};
  for (const [i, side] of sides.entries()) {
    table[side] = {
      'logins/s': round(median(all(i, 'perSecond'))),
      'lanes are': `${round(times(all(0, 'perSecond'), all(i, 'perSecond')))} x`,
      'ms of CPU each': round(median(all(i, 'millis'))),
      'lanes take': `1 / ${round(times(all(i, 'millis'), all(0, 'millis')))}`,
      'p50, ms': median(all(i, 'p50')),
      'p99, ms': median(all(i, 'p99')),
      'turned away': median(all(i, 'refused')),
    };
  }
  console.log(`\ncost ${cost}, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s`);
  console.table(table);
  if (times(all(0, 'perSecond'), all(1, 'perSecond')) < FLOOR) process.exitCode = 1;
}

async function isReady(/** @type {string} */ url) {
  const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
  return answer?.status === 200;
}
