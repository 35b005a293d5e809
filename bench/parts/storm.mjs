import { service } from '../peers/peers.mjs';
import { median, round } from '../tools/figures.mjs';
import { load } from '../tools/load.mjs';
import { logInOverAndOver } from '../tools/logins.mjs';
import { newPerson, post } from '../tools/people.mjs';
import { freePort } from '../../scripts/free-port.mjs';
import { withPeers } from './crowd.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 6);
const LOGINS = 32;
/** A light load, the same in both cases: what is looked at is how long one waits, not how many can be served. */
const READS = { connections: 4, perSecond: 400 };
/** Of the p99 when idle; and of the event loop's delay. */
const LIMITS = { times: 3, millis: 10 };

/** How long a guarded request waits while 32 people log in at once, over and over, against when nobody does. */
export async function storm(/** @type {import('../tools/database.mjs').Server} */ database) {
  const metricsPort = await freePort();
  const delay = () => eventLoopDelay(`http://127.0.0.1:${metricsPort}/metrics`);
  return withPeers(database, [service({ env: { METRICS_PORT: String(metricsPort) } })], 12, async ([side]) => {
    if (!side) throw new Error('the service did not start');
    const { url } = side.running;
    const person = newPerson();
    await post(`${url}/auth/register`, person);
    const { accessToken } = await post(`${url}/auth/login`, person);
    const headers = { authorization: `Bearer ${String(accessToken)}` };
    const read = (/** @type {number} */ seconds) => load(`${url}/users/me`, { ...READS, headers, seconds });
    await read(2);
    /** @type {import('../tools/load.mjs').Figures[]} */
    const idle = [];
    /** @type {import('../tools/load.mjs').Figures[]} */
    const stormy = [];
    /** @type {number[]} */
    const delays = [];
    /** @type {number[]} */
    const rates = [];
    for (let turn = 0; turn < ROUNDS; turn += 1) {
      idle.push(await read(SECONDS));
      const logins = logInOverAndOver(`${url}/auth/login`, person, LOGINS);
      await delay(); // and from here on
      stormy.push(await read(SECONDS));
      delays.push(await delay());
      rates.push((await logins.stop()).perSecond);
    }
    const times = median(stormy.map(({ p99 }, i) => p99 / (idle[i]?.p99 ?? NaN)));
    const millis = median(delays);
    const held = [times <= LIMITS.times, millis <= LIMITS.millis];
    const missed = (/** @type {boolean | undefined} */ holds) => (holds ? '' : ' MISSED');
    console.log(
      `\nGET /users/me at ${READS.perSecond} a second while ${LOGINS} log in: medians of ${ROUNDS} rounds of ${SECONDS} s each`,
    );
    console.table({ idle: row(idle), storm: { ...row(stormy), 'logins a second': round(median(rates)) } });
    console.log(`p99 in the storm: ${round(times)} x that of idle (at most ${LIMITS.times}${missed(held[0])})`);
    console.log(`event loop, p99 of its delay: ${round(millis)} ms (at most ${LIMITS.millis}${missed(held[1])})`);
    return held.every(Boolean);
  });
}

/** @returns {Promise<number>} the 99th percentile since the last look, in milliseconds */
async function eventLoopDelay(/** @type {string} */ url) {
  const text = await (await fetch(url)).text();
  return Number(/^nodejs_eventloop_lag_p99_seconds (.+)$/m.exec(text)?.[1]) * 1_000;
}

function row(/** @type {import('../tools/load.mjs').Figures[]} */ all) {
  return { 'p50, ms': median(all.map(({ p50 }) => p50)), 'p99, ms': median(all.map(({ p99 }) => p99)) };
}
