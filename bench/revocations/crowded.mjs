// What 100,000 closed sessions cost a guarded app: memory, and throughput beside an app that knows of none.
import autocannon from 'autocannon';
import { createDatabase, endAll, query, startApp, startReplica, until } from './processes.mjs';
import { logIn, register } from './requests.mjs';
import { loadAverage, quantile } from './figures.mjs';

/** @typedef {import('./processes.mjs').App & { requests: import('autocannon').Request[] }} Side */
/** @typedef {{ perSecond: number, microseconds: number }} Figures */

const CLOSED = 100_000;
const CUSTOMERS = 50;
const SECONDS = 3;
const MOST_MEGABYTES = 20;
/** The least that is acceptable, as a part of what the same two apps showed while neither knew of any. */
const LEAST_RATIO = 0.9;

/** @returns {Promise<boolean>} whether the limits hold */
export async function measureCrowded(/** @type {string} */ serverUrl, /** @type {number} */ rounds) {
  const databaseUrl = await createDatabase(serverUrl, 'crowded');
  const full = await startSide(databaseUrl);
  const empty = await startSide(await createDatabase(serverUrl, 'calm'));
  for (const side of [full, empty]) await load(side); // to warm up
  const before = await compare(full, empty, rounds);
  const lean = await full.cost();
  await query(
    databaseUrl,
    `INSERT INTO revocations (digest) SELECT sha256(convert_to(n::text, 'UTF8')) FROM generate_series(1, ${CLOSED}) n`,
  );
  await until(async () => (await full.cost()).feed.revokedSessions === CLOSED);
  const crowded = await full.cost();
  const after = await compare(full, empty, rounds);
  await endAll();
  const megabytes = (/** @type {'used' | 'rss'} */ what) => (crowded[what] - lean[what]) / 1e6;
  return report({ before, after, used: megabytes('used'), rss: megabytes('rss') });
}

/** @returns {Promise<Side>} an app with a service and a database of its own */
async function startSide(/** @type {string} */ databaseUrl) {
  const { url: service } = await startReplica(databaseUrl);
  const requests = [];
  for (let i = 0; i < CUSTOMERS; i += 1) {
    const { accessToken } = await logIn(service, await register(service));
    requests.push({ headers: { authorization: `Bearer ${accessToken}` } });
  }
  return { ...(await startApp(service)), requests };
}

/** The sides take turns. */
async function compare(/** @type {Side} */ full, /** @type {Side} */ empty, /** @type {number} */ rounds) {
  /** @type {{ full: Figures, empty: Figures }[]} */
  const all = [];
  for (let round = 0; round < rounds; round += 1) all.push({ full: await load(full), empty: await load(empty) });
  const perSecond = all.map((figures) => figures.full.perSecond / figures.empty.perSecond);
  const computing = all.map((figures) => figures.empty.microseconds / figures.full.microseconds);
  return { perSecond, computing, fullPerSecond: all.map(({ full: { perSecond } }) => perSecond) };
}

/** @returns {Promise<Figures>} requests answered in a second, and how long the app's process computed for one */
async function load(/** @type {Side} */ { url, cost, requests }) {
  const before = (await cost()).microseconds;
  const result = await autocannon({ url: `${url}/notes`, connections: 16, duration: SECONDS, requests });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  const microseconds = (await cost()).microseconds - before;
  return { perSecond: result['2xx'] / result.duration, microseconds: microseconds / result['2xx'] };
}

/** @typedef {Awaited<ReturnType<typeof compare>>} Comparison */

function report(/** @type {{ before: Comparison, after: Comparison, used: number, rss: number }} */ figures) {
  const { before, after, used, rss } = figures;
  console.log(`\nan app that knows of ${CLOSED} closed sessions beside one that knows of none, by turns`);
  console.log(`load average ${loadAverage()}`);
  const row = (/** @type {Comparison} */ comparison) => ({
    'requests/s': Math.round(quantile(comparison.fullPerSecond, 0.5)),
    ratio: hundredths(comparison.perSecond),
    'of the computing time': hundredths(comparison.computing),
    lowest: hundredths(comparison.computing, 0),
    highest: hundredths(comparison.computing, 1),
  });
  console.table({ 'while both know of none': row(before), 'when one knows of them': row(after) });
  const ratio = hundredths(after.computing) / hundredths(before.computing);
  const isFree = ratio >= LEAST_RATIO;
  console.log(`throughput by computing time ${ratio.toFixed(2)} of before, at least ${LEAST_RATIO}: ${said(isFree)}`);
  const isSmall = used < MOST_MEGABYTES;
  console.log(
    `memory in use +${used.toFixed(1)} MB (resident +${rss.toFixed(1)}), under ${MOST_MEGABYTES}: ${said(isSmall)}`,
  );
  return isFree && isSmall;
}

function hundredths(/** @type {number[]} */ numbers, part = 0.5) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.round((sorted.length - 1) * part)] ?? NaN) * 100) / 100;
}

function said(/** @type {boolean} */ holds) {
  return holds ? 'holds' : 'MISSED';
}
