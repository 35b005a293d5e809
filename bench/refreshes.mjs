// Refreshes, each on the disk before it is answered: over HTTP and by the repository alone, beside PostgreSQL's own load tool with
// the single statement. `npm run bench:refreshes -- [rounds] [seconds]`. The sides take turns on one database.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { SecretRing } from './refreshes/built.mjs';
import { hasPgbench, measurePgbench } from './refreshes/pgbench.mjs';
import { byDriver, byRepository, measureRotations, openRepository } from './refreshes/rotating.mjs';
import { measureRefreshes, startService } from './refreshes/service.mjs';
import { figuresOf, fill, someRows, tokenOf } from './refreshes/table.mjs';
import { median, round } from './tools/figures.mjs';

const ROUNDS = Number(process.argv[2] ?? 3);
const SECONDS = Number(process.argv[3] ?? 8);
const USERS = 10_000;
const AT_ONCE = 64;
/** The least that is acceptable, in times of the ceiling, and the most of the log that a refresh may take. */
const FLOORS = { 'over HTTP': 0.5, 'the repository': 1.5 };
const MOST_WAL_BYTES = 300;
const { DATABASE_URL = '' } = process.env;

/** @typedef {{ perSecond: number, p50: number, p99: number, micros?: number, done?: number, walBytes?: number, hot?: number }} Figures */

const secretBytes = randomBytes(32);
const secrets = new SecretRing([secretBytes]);
const macKeyId = secrets.current.id;
const service = await startService(DATABASE_URL, secretBytes.toString('base64url'));
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const { repository, close } = await openRepository(DATABASE_URL);
try {
  await pool.query('ALTER SYSTEM SET full_page_writes = off'); // what a checkpoint adds is not the refresh's
  await pool.query('SELECT pg_reload_conf()');
  await fill(pool, USERS, macKeyId);
  report(await takeTurns(await sidesOf()));
} finally {
  await service.stop();
  await close();
  await pool.end();
}

/** @returns {Promise<Record<string, (seconds: number) => Promise<Figures>>>} the first is the ceiling */
async function sidesOf() {
  const rotate =
    (/** @type {import('./refreshes/rotating.mjs').Rotate} */ by) => async (/** @type {number} */ seconds) =>
      measureRotations(by, await someRows(pool, USERS), { atOnce: AT_ONCE, seconds });
  const driver = rotate(byDriver(pool, macKeyId));
  const http = async (/** @type {number} */ seconds) => {
    const tokens = (await someRows(pool, AT_ONCE)).map((row) => tokenOf(row, secrets.current));
    return measureRefreshes(service, tokens, seconds);
  };
  const others = { 'the repository': rotate(byRepository(repository, macKeyId)), 'over HTTP': http };
  if (!(await hasPgbench())) return { 'bare driver': driver, ...others };
  const load = { rows: USERS, clients: 16 };
  return { pgbench: (seconds) => measurePgbench(DATABASE_URL, { ...load, seconds }), 'bare driver': driver, ...others };
}

async function takeTurns(/** @type {Record<string, (seconds: number) => Promise<Figures>>} */ sides) {
  /** @type {Record<string, Figures[]>} */
  const rounds = {};
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [name, measure] of Object.entries(sides)) {
      const figures = await withLog(measure, round < 0 ? 2 : SECONDS);
      if (round >= 0) (rounds[name] ??= []).push(figures); // the first is to warm up
    }
  }
  return rounds;
}

/** @returns {Promise<Figures>} */
async function withLog(/** @type {(seconds: number) => Promise<Figures>} */ measure, /** @type {number} */ seconds) {
  const before = await figuresOf(pool);
  const figures = await measure(seconds);
  const after = await figuresOf(pool);
  const done = figures.done ?? figures.perSecond * seconds;
  return { ...figures, walBytes: (after.wal - before.wal) / done };
}

function report(/** @type {Record<string, Figures[]>} */ rounds) {
  const [ceiling = []] = Object.values(rounds);
  /** @type {Record<string, object>} */
  const table = {};
  for (const [name, figures] of Object.entries(rounds)) {
    const of = (/** @type {'perSecond' | 'p50' | 'p99' | 'micros' | 'walBytes'} */ what) =>
      round(median(figures.map((one) => one[what] ?? NaN)));
    const times = median(figures.map(({ perSecond }, i) => perSecond / (ceiling[i]?.perSecond ?? NaN)));
    const floor = FLOORS[/** @type {keyof typeof FLOORS} */ (name)];
    table[name] = {
      'refreshes/s': Math.round(of('perSecond')),
      'times the ceiling': round(times),
      'at least': floor ?? '',
      'p50, ms': of('p50'),
      'p99, ms': of('p99'),
      'µs of CPU each': of('micros'),
      'bytes of log each': of('walBytes'),
    };
    if (floor && (times < floor || of('walBytes') > MOST_WAL_BYTES)) process.exitCode = 1;
  }
  console.log(
    `\n${AT_ONCE} at once among ${USERS} sessions, ${ROUNDS} rounds of ${SECONDS} s; pgbench with 16 connections`,
  );
  console.table(table);
}
