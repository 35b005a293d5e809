// What many users cost: the look-up of a login, a refresh and a list of sessions, and how the tables keep.
// `npm run bench:scale -- [users…] [--rotations=N]`, such as 10000 1000000. The first number is what the others are compared with.
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { CredentialsRepository, SecretRing } from './refreshes/built.mjs';
import { byRepository, measureRotations, openRepository } from './refreshes/rotating.mjs';
import { figuresOf, fill, someRows } from './refreshes/table.mjs';
import { median } from './tools/figures.mjs';

const given = process.argv.slice(2);
const ROTATIONS = Number(
  given.find((word) => word.startsWith('--rotations='))?.slice('--rotations='.length) ?? 100_000,
);
const sizes = given.map(Number).filter((size) => size > 0);
const SIZES = sizes.length > 0 ? sizes : [10_000, 1_000_000];
const ROUNDS = 3;
const SECONDS = 4;
const AT_ONCE = 64;
/** The least share of the first size's rate that is acceptable, and the most of the log that a refresh may take. */
const floorOf = (/** @type {number} */ users) => (users > 1_000_000 ? 0.75 : 0.9);
const MOST_WAL_BYTES = 300;
const { DATABASE_URL = '' } = process.env;

const macKeyId = new SecretRing([Buffer.alloc(32, 1)]).current.id;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 4 });
const [firstSize = 0, ...otherSizes] = SIZES;
const databases = /** @type {string[]} */ ([]);

try {
  await pool.query('ALTER SYSTEM SET full_page_writes = off'); // what a checkpoint adds is not the refresh's
  await pool.query('SELECT pg_reload_conf()');
  /** @type {Record<string, object>} */
  const kept = {};
  const first = await openSize(firstSize);
  for (const size of otherSizes) {
    const other = await openSize(size);
    await compare(first, other);
    kept[size] = await afterRotations(other);
  }
  kept[firstSize] = await afterRotations(first);
  console.table(kept);
} finally {
  for (const name of databases) await pool.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await pool.end();
}

/** A database of its own for each size, so that the sides can take turns. */
async function openSize(/** @type {number} */ users) {
  const name = `scale_${users}`;
  const url = new URL(DATABASE_URL);
  url.pathname = `/${name}`;
  databases.push(name);
  const { migrate } = await import(new URL('../dist/src/platform/database/migrate.js', import.meta.url).href);
  await pool.query(`CREATE DATABASE ${name}`);
  await migrate(url.href);
  const own = new pg.Pool({ connectionString: url.href, max: 2 });
  const began = performance.now();
  await fill(own, users, macKeyId);
  console.log(`${users} users and sessions in ${Math.round((performance.now() - began) / 1_000)} s`);
  const { database, repository, sessions, close } = await openRepository(url.href);
  return {
    users,
    pool: own,
    work: workOf(own, { repository, sessions, credentials: new CredentialsRepository(database) }, users),
    url: url.href,
    close,
  };
}

/** @typedef {Awaited<ReturnType<typeof openSize>>} Size */

/**
 * @param {pg.Pool} own
 * @param {Pick<Awaited<ReturnType<typeof openRepository>>, 'repository' | 'sessions'> & {
 *   credentials: InstanceType<typeof CredentialsRepository>,
 * }} repositories
 * @param {number} users
 * @returns {Record<'login look-up' | 'list' | 'refresh', (limits: { seconds?: number, most?: number }) => Promise<{ perSecond: number }>>}
 */
function workOf(own, { repository, sessions, credentials }, users) {
  return {
    'login look-up': (limits) =>
      measureReads(
        () =>
          credentials.findAtLogin(`user-${1 + Math.floor(Math.random() * users)}@example.com`, {
            userAgent: null,
            deviceIds: [],
          }),
        limits,
      ),
    list: async (limits) => {
      const rows = await someRows(own, 10_000);
      return measureReads((turn) => sessions.findOpen(rows[turn % rows.length]?.id ?? '', 604_800), limits);
    },
    refresh: async (limits) =>
      measureRotations(byRepository(repository, macKeyId), await someRows(own, 10_000), { atOnce: AT_ONCE, ...limits }),
  };
}

async function measureReads(
  /** @type {(turn: number) => Promise<unknown>} */ read,
  /** @type {{ seconds?: number }} */ { seconds = SECONDS },
) {
  const began = performance.now();
  let turn = 0;
  const worker = async () => {
    while (performance.now() - began < seconds * 1_000) await read(turn++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { perSecond: (turn / (performance.now() - began)) * 1_000 };
}

async function compare(/** @type {Size} */ few, /** @type {Size} */ many) {
  /** @type {Record<string, object>} */
  const table = {};
  for (const name of /** @type {const} */ (['login look-up', 'list', 'refresh'])) {
    const rates = { few: /** @type {number[]} */ ([]), many: /** @type {number[]} */ ([]) };
    for (let round = -1; round < ROUNDS; round += 1) {
      const seconds = round < 0 ? 1 : SECONDS;
      const turn = [await few.work[name]({ seconds }), await many.work[name]({ seconds })];
      if (round < 0) continue; // to warm up
      rates.few.push(turn[0]?.perSecond ?? NaN);
      rates.many.push(turn[1]?.perSecond ?? NaN);
    }
    const share = median(rates.many.map((rate, round) => rate / (rates.few[round] ?? NaN)));
    table[name] = {
      [`${few.users}, per second`]: Math.round(median(rates.few)),
      [`${many.users}, per second`]: Math.round(median(rates.many)),
      share: round(share),
      'at least': floorOf(many.users),
    };
    if (share < floorOf(many.users)) process.exitCode = 1;
  }
  console.table(table);
}

/** What so many rotations of sessions by chance leave behind. */
async function afterRotations(/** @type {Size} */ { pool: own, url, close }) {
  await close();
  const before = await settledFigures(own);
  const { repository, close: closeAgain } = await openRepository(url);
  const limits = { atOnce: AT_ONCE, most: ROTATIONS };
  await measureRotations(byRepository(repository, macKeyId), await someRows(own, 10_000), limits);
  await closeAgain();
  const after = await settledFigures(own);
  const { rows } = await own.query(`SELECT pg_total_relation_size('users')::float8 AS users`);
  await own.end();
  const updates = after.updates - before.updates;
  const figures = {
    rotations: updates,
    'HOT, %': round(((after.hot - before.hot) / updates) * 100),
    'bytes of log each': Math.round((after.wal - before.wal) / updates),
    'sessions, MB': megabytes(after.tableBytes),
    'grown by, %': round((after.tableBytes / before.tableBytes - 1) * 100),
    'their indexes, MB': megabytes(after.indexBytes),
    'users with indexes, MB': megabytes(rows[0].users),
  };
  if (figures['bytes of log each'] > MOST_WAL_BYTES) process.exitCode = 1;
  return figures;
}

/** A connection tells its statistics when it ends, at the latest. */
async function settledFigures(/** @type {pg.Pool} */ own) {
  const others = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'auth-service'`;
  while ((await own.query(others)).rowCount) await wait(20);
  return figuresOf(own);
}

function megabytes(/** @type {number} */ bytes) {
  return round(bytes / 2 ** 20);
}

function round(/** @type {number} */ number) {
  return Math.round(number * 100) / 100;
}
