// What the guard costs: one route of one app, guarded and not. `npm run bench:guard -- [rounds] [seconds]`
// The kinds of load take turns, so that a busy machine slows all alike; the ratios are what counts. The time that the app's
// process computes per request is the steadier figure: the throughput also tells how much of the machine others leave.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import autocannon from 'autocannon';
import { median } from './tools/figures.mjs';
import { publish } from './tools/issuer.mjs';

const ROUNDS = Number(process.argv[2] ?? 5);
const SECONDS = Number(process.argv[3] ?? 3);
/** The least that is acceptable, as a part of the throughput of the open route. */
const FLOOR = { open: 1, seen: 0.8, new: 0.15 };
const kinds = /** @type {const} */ (['open', 'seen', 'new']);

const { issuer, token: known, newToken, close } = await publish();

const app = fork(path.join(import.meta.dirname, 'guard.app.mjs'), [issuer]);
const [url] = await once(app, 'message');

for (const kind of kinds) await load(kind, 2); // to warm up
/** @type {Record<typeof kinds[number], Awaited<ReturnType<typeof load>>[]>} */
const rounds = { open: [], seen: [], new: [] };
for (let round = 0; round < ROUNDS; round++) {
  for (const kind of kinds) rounds[kind].push(await load(kind, SECONDS));
}
app.kill();
close();

console.log('tokens   requests/s   of open   at least   µs/request   of open');
for (const kind of kinds) {
  const perSecond = median(rounds[kind].map((round) => round.perSecond));
  const ratio = median(rounds[kind].map((round, i) => round.perSecond / (rounds.open[i]?.perSecond ?? NaN)));
  const microseconds = median(rounds[kind].map((round) => round.microseconds));
  const computing = median(rounds[kind].map((round, i) => (rounds.open[i]?.microseconds ?? NaN) / round.microseconds));
  const columns = [
    perSecond.toFixed(0).padStart(12),
    ratio.toFixed(2).padStart(10),
    FLOOR[kind].toFixed(2).padStart(11),
  ];
  const more = [microseconds.toFixed(1).padStart(13), computing.toFixed(2).padStart(10)];
  console.log(kind.padEnd(7) + columns.join('') + more.join('') + (ratio < FLOOR[kind] ? '  MISSED' : ''));
  if (ratio < FLOOR[kind]) process.exitCode = 1;
}

/**
 * @param {typeof kinds[number]} kind
 * @param {number} seconds
 * @returns how many requests were answered per second, and how long the app's process computed for one
 */
async function load(kind, seconds) {
  const next = kind === 'new' ? newTokens(seconds) : undefined;
  const setupRequest = (/** @type {autocannon.Request} */ request) => ({
    ...request,
    headers: { authorization: `Bearer ${next?.()}` },
  });
  const before = await computed();
  const result = await autocannon({
    url: `${url}${kind === 'open' ? '/open' : '/guarded'}`,
    connections: 32,
    duration: seconds,
    headers: { authorization: `Bearer ${known}` },
    ...(next && { requests: [{ setupRequest }] }),
  });
  const microseconds = (await computed()) - before;
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${kind}: ${result.non2xx} refused, ${result.errors} failed`);
  return { perSecond: result['2xx'] / result.duration, microseconds: microseconds / result['2xx'] };
}

/** @returns {Promise<number>} the time in microseconds that the app's process has computed so far */
async function computed() {
  app.send('computed');
  const [microseconds] = await once(app, 'message');
  return microseconds;
}

/**
 * Signed before the load starts, lest the signing be measured; more than can be verified in that time.
 *
 * @param {number} seconds
 */
function newTokens(seconds) {
  const tokens = Array.from({ length: seconds * 15_000 }, newToken);
  return () => {
    const token = tokens.pop();
    if (!token) throw new Error('more tokens are needed: this machine is faster than expected');
    return token;
  };
}
