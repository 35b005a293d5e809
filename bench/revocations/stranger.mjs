// What a stranger who opens 1,000 streams from one address does to everybody else.
import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { measureOne } from './delays.mjs';
import { createDatabase, endAll, residentMegabytes, startApp, startReplica } from './processes.mjs';
import { logIn, register } from './requests.mjs';
import { loadAverage, quantile } from './figures.mjs';

const STREAMS = 1_000;
/** What one address is given, by default. */
const ALLOWED = 20;
/** Linux has the whole of 127.0.0.0/8. */
const STRANGERS_ADDRESS = '127.0.0.66';
const LOGINS = 100;
const CLOSES = 20;
const MOST_MILLIS = 1_000;
/** Long enough for every answer, and a heartbeat. */
const SETTLE_MILLIS = 11_000;

/** @returns {Promise<boolean>} whether everybody else is served as before */
export async function measureStranger(/** @type {string} */ serverUrl) {
  const { url, pid } = await startReplica(await createDatabase(serverUrl, 'besieged'));
  const app = await startApp(url);
  const person = await register(url);
  await logins(url, person); // to warm up
  const before = await serve(url, app, person, pid);
  const requests = Array.from({ length: STREAMS }, () => open(url));
  const statuses = await Promise.all(requests.map(({ status }) => status));
  await wait(SETTLE_MILLIS);
  const during = await serve(url, app, person, pid);
  for (const { leave } of requests) leave();
  await wait(SETTLE_MILLIS);
  const after = await serve(url, app, person, pid);
  await endAll();
  return report(statuses, { before, during, after });
}

/** One stream of the stranger's, held for as long as it is granted. */
function open(/** @type {string} */ url) {
  const request = get(`${url}/revocations`, { agent: false, localAddress: STRANGERS_ADDRESS });
  /** @type {Promise<number>} */
  const status = new Promise((resolve, reject) => {
    request.on('error', reject).on('response', (response) => {
      response.on('error', () => undefined).resume(); // it is broken off in the end
      resolve(response.statusCode ?? 0);
    });
  });
  return { status, leave: () => request.destroy() };
}

/**
 * @param {string} url
 * @param {import('./processes.mjs').App} app
 * @param {import('./requests.mjs').Person} person
 * @param {number} pid
 */
async function serve(url, app, person, pid) {
  const millis = await logins(url, person);
  const delays = [];
  for (let i = 0; i < CLOSES; i += 1) delays.push((await measureOne(url, [app.url], 'logout')).fromAnswer);
  return {
    'login p50, ms': quantile(millis, 0.5),
    'login max, ms': quantile(millis, 1),
    'close obeyed p50, ms': quantile(delays, 0.5),
    'close obeyed max, ms': quantile(delays, 1),
    'the guard is': (await app.cost()).feed.status,
    'replica, MB': Math.round(await residentMegabytes(pid)),
  };
}

async function logins(/** @type {string} */ url, /** @type {import('./requests.mjs').Person} */ person) {
  const millis = [];
  for (let i = 0; i < LOGINS; i += 1) {
    const begun = performance.now();
    await logIn(url, person);
    millis.push(performance.now() - begun);
  }
  return millis;
}

/**
 * @param {number[]} statuses
 * @param {Record<'before' | 'during' | 'after', Awaited<ReturnType<typeof serve>>>} table
 */
function report(statuses, table) {
  const count = (/** @type {number} */ status) => statuses.filter((one) => one === status).length;
  console.log(`\na stranger who opens ${STREAMS} streams: ${count(200)} given, ${count(429)} refused with 429`);
  console.log(`load average ${loadAverage()}`);
  console.table(table);
  const { during } = table;
  const isServed = during['the guard is'] === 'following' && during['close obeyed max, ms'] < MOST_MILLIS;
  const holds = count(200) === ALLOWED && count(429) === STREAMS - ALLOWED && isServed;
  console.log(`${ALLOWED} streams, and everybody else is served as before: ${holds ? 'holds' : 'MISSED'}`);
  return holds;
}
