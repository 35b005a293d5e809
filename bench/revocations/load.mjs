// The load under which closes are measured, in a process of its own. Its one argument names the replicas and the apps.
// The first message ends it; it then tells what it did.
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import autocannon from 'autocannon';
import { ask, expectOk, logIn, register } from './requests.mjs';

const CUSTOMERS = 20;
const BETWEEN_REFRESHES_MILLIS = 400;
const GUARDED_PER_SECOND = 200;

/** @type {{ replicas: string[], apps: string[] }} */
const { replicas, apps } = JSON.parse(process.argv[2] ?? '{}');
const replica = (/** @type {number} */ i) => replicas[i % replicas.length] ?? '';

/** @type {import('./requests.mjs').Tokens[]} */
const customers = [];
for (let i = 0; i < CUSTOMERS; i += 1) customers.push(await logIn(replica(i), await register(replica(i))));

const begun = performance.now();
let isOver = false;
let refreshes = 0;
const refreshing = customers.map(async ({ refreshToken }, i) => {
  await wait(Math.random() * BETWEEN_REFRESHES_MILLIS);
  for (let turn = i; !isOver; turn += 1) {
    const body = { refreshToken };
    ({ refreshToken } = await expectOk(ask('POST', `${replica(turn)}/auth/refresh`, { body })));
    refreshes += 1;
    await wait(BETWEEN_REFRESHES_MILLIS);
  }
});
const guarded = apps.map((app) => {
  const requests = customers.map(({ accessToken }) => ({ headers: { authorization: `Bearer ${accessToken}` } }));
  const options = { url: `${app}/notes`, connections: 4, duration: 3_600, overallRate: GUARDED_PER_SECOND, requests };
  /** @type {() => void} */
  let stop = () => undefined;
  /** @type {Promise<import('autocannon').Result>} */
  const result = new Promise((resolve, reject) => {
    const running = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)));
    stop = () => running.stop();
  });
  return { stop, result };
});

process.send?.('loading');
await once(process, 'message');
isOver = true;
for (const { stop } of guarded) stop();
const results = await Promise.all(guarded.map(({ result }) => result));
await Promise.all(refreshing);
const seconds = (performance.now() - begun) / 1000;
const sum = (/** @type {(result: import('autocannon').Result) => number} */ of) =>
  results.reduce((total, result) => total + of(result), 0);
process.send?.({
  guardedPerSecond: Math.round(sum((result) => result['2xx']) / seconds),
  refreshesPerSecond: Math.round(refreshes / seconds),
  refused: sum(({ non2xx, errors }) => non2xx + errors),
});
process.disconnect();
