// How long it takes from a close to the refusal by the last app.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { closes, preparations } from './closes.mjs';
import { endAll, startApp, startReplica } from './processes.mjs';
import { ask, logIn, register } from './requests.mjs';
import { loadAverage, quantile } from './figures.mjs';

/** @typedef {{ fromAnswer: number, fromRequest: number }} Delay */

const LIMITS = { p50: 50, p99: 1_000 };
/** An app that still lets it in after that has lost it. */
const LOST_MILLIS = 10_000;
const PAUSE_MILLIS = 50;
const ways = Object.keys(closes);

/** @returns {Promise<boolean>} whether the limits hold */
export async function measureDelays(/** @type {string} */ databaseUrl, /** @type {number} */ count) {
  const replicas = [];
  for (let i = 0; i < 3; i += 1) replicas.push((await startReplica(databaseUrl)).url);
  const apps = [];
  for (const replica of replicas.slice(0, 2)) apps.push((await startApp(replica)).url);
  const load = fork(path.join(import.meta.dirname, 'load.mjs'), [JSON.stringify({ replicas, apps })]);
  await once(load, 'message');
  /** @type {Delay[]} */
  const delays = [];
  for (let i = 0; i < count; i += 1) {
    const service = replicas[i % replicas.length] ?? '';
    delays.push(await measureOne(service, apps, ways[i % ways.length] ?? ''));
    await wait(Math.random() * PAUSE_MILLIS);
  }
  load.send('stop');
  const [done] = await once(load, 'message');
  await endAll();
  return report(delays, done);
}

/** @returns {Promise<Delay>} in milliseconds */
export async function measureOne(
  /** @type {string} */ service,
  /** @type {string[]} */ apps,
  /** @type {string} */ way,
) {
  const person = await register(service);
  const closing = { service, person, mine: await logIn(service, person), other: await logIn(service, person) };
  await preparations[way]?.(closing);
  const probes = apps.map((app) => probe(app, closing.mine.accessToken));
  await Promise.all(probes.map(({ isIn }) => isIn));
  const askedMillis = performance.now();
  await closes[way]?.(closing);
  const answeredMillis = performance.now();
  const lastMillis = Math.max(...(await Promise.all(probes.map(({ refusedMillis }) => refusedMillis))));
  return { fromAnswer: Math.max(lastMillis - answeredMillis, 0), fromRequest: lastMillis - askedMillis };
}

/** Asks one app again and again on one connection. */
function probe(/** @type {string} */ app, /** @type {string} */ bearer) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const status = async () => (await ask('GET', `${app}/notes`, { bearer, agent })).status;
  const isIn = status().then((first) => {
    if (first !== 200) throw new Error(`an open session was answered with ${first}`);
  });
  const refusedMillis = isIn.then(async () => {
    const deadline = performance.now() + LOST_MILLIS;
    while ((await status()) !== 401) {
      if (performance.now() > deadline) throw new Error('a closed session is let in: its revocation was lost');
    }
    agent.destroy();
    return performance.now();
  });
  return { isIn, refusedMillis };
}

/**
 * @param {Delay[]} delays
 * @param {{ guardedPerSecond: number, refreshesPerSecond: number, refused: number }} load
 */
function report(delays, load) {
  console.log(`\n${delays.length} closes at three replicas by turns, until the last of two apps refuses the token`);
  console.log(
    `under ${load.guardedPerSecond} guarded requests/s (${load.refused} refused or failed) and ${load.refreshesPerSecond} refreshes/s`,
  );
  console.log(`load average ${loadAverage()}`);
  /** @type {Record<string, object>} */
  const table = {};
  for (const from of /** @type {const} */ (['fromAnswer', 'fromRequest'])) {
    const all = delays.map((delay) => delay[from]);
    table[from === 'fromAnswer' ? 'from the answer to the close, ms' : 'from the request to close, ms'] = {
      p50: quantile(all, 0.5),
      p99: quantile(all, 0.99),
      max: quantile(all, 1),
    };
  }
  console.table(table);
  const all = delays.map(({ fromAnswer }) => fromAnswer);
  const holds = quantile(all, 0.5) < LIMITS.p50 && quantile(all, 0.99) < LIMITS.p99 && load.refused === 0;
  console.log(`p50 < ${LIMITS.p50} ms and p99 < ${LIMITS.p99} ms: ${holds ? 'holds' : 'MISSED'}`);
  return holds;
}
