// What administrators ask, and a login, among a million users and among ten thousand. The built service on two databases of one server.
// `npm run bench:listing -- [rounds] [users]`. The sides take turns, request by request.
import { addUsers, FEW, idOf } from './listing/crowd.mjs';
import { createDatabase, endAll, query, startReplica } from './revocations/processes.mjs';
import { median, round } from './tools/figures.mjs';

const ROUNDS = Number(process.argv[2] ?? 200);
const SIZES = [10_000, Number(process.argv[3] ?? 1_000_000)];
const WARM_UP = 10;
/** The most that the large side may take, in times of the small one. */
const LIMIT = 2;

const json = { 'content-type': 'application/json' };
const admin = JSON.stringify({ email: 'admin@example.com', password: 'the one who looks after all' });

/** @typedef {{ url: string, users: number, bearer: string }} Side */
/** @typedef {{ path: string, items?: number }} Question how many items the answer has, where it is not a full page */

/** From behind the user in the middle. */
const deep = (/** @type {Side} */ { users }) => `cursor=${Buffer.from(idOf(users / 2)).toString('base64url')}`;
const half = (/** @type {Side} */ { users }) => `to=${new Date(Date.now() - (users / 2) * 1_000).toISOString()}`;

/** @type {Record<string, (side: Side) => Question>} */
const QUESTIONS = {
  'the first page': () => ({ path: '/admin/users' }),
  'a deep page': (side) => ({ path: `/admin/users?${deep(side)}` }),
  'by the beginning of an email': () => ({ path: '/admin/users?email=a' }),
  'by one email': () => ({ path: '/admin/users?email=admin@example.com', items: 1 }),
  'role=user': () => ({ path: '/admin/users?role=user' }),
  'role=user, deep': (side) => ({ path: `/admin/users?role=user&${deep(side)}` }),
  'role=admin': () => ({ path: '/admin/users?role=admin', items: 1 }),
  'role=editor': () => ({ path: '/admin/users?role=editor', items: FEW }),
  'role=nobody': () => ({ path: '/admin/users?role=nobody', items: 0 }),
  'state=active': () => ({ path: '/admin/users?state=active' }),
  'state=active, role=user': () => ({ path: '/admin/users?state=active&role=user' }),
  'state=disabled': () => ({ path: '/admin/users?state=disabled', items: FEW }),
  'state=disabled, role=user': () => ({ path: '/admin/users?state=disabled&role=user', items: FEW }),
  'state=closed': () => ({ path: '/admin/users?state=closed', items: 0 }),
  'a search, role=editor': () => ({ path: '/admin/users?email=few&role=editor', items: FEW }),
  'a broad search, role=editor': () => ({ path: '/admin/users?email=a&role=editor', items: 0 }),
  'a broad search, state=closed': () => ({ path: '/admin/users?email=a&state=closed', items: 0 }),
  'one user': ({ users }) => ({ path: `/admin/users/${idOf(users / 2)}` }),
  'the newest events': () => ({ path: '/admin/events' }),
  'events, deep': (side) => ({ path: `/admin/events?${half(side)}` }),
  'events of one type': () => ({ path: '/admin/events?type=password_changed', items: FEW }),
  'events about one user': ({ users }) => ({ path: `/admin/events?subjectId=${idOf(users / 2)}`, items: 1 }),
  'a login': () => ({ path: '/auth/login' }),
};

const serverUrl = process.env.DATABASE_URL ?? '';
try {
  /** @type {Side[]} */
  const sides = [];
  for (const users of SIZES) sides.push(await sideOf(users));
  process.exitCode = report(await measure(sides)) > LIMIT ? 1 : 0;
} finally {
  await endAll();
}

/** @returns {Promise<Side>} */
async function sideOf(/** @type {number} */ users) {
  const databaseUrl = await createDatabase(serverUrl, `users_${users}`);
  const { url } = await startReplica(databaseUrl);
  await fetch(`${url}/auth/register`, { method: 'POST', headers: json, body: admin });
  await query(databaseUrl, `UPDATE users SET role = 'admin'`);
  await addUsers(databaseUrl, users);
  const answer = await fetch(`${url}/auth/login`, { method: 'POST', headers: json, body: admin });
  const { accessToken } = /** @type {{ accessToken: string }} */ (await answer.json());
  return { url, users, bearer: accessToken };
}

/** @returns {Promise<Record<string, number[]>>} the medians of each question, in milliseconds, side by side */
async function measure(/** @type {Side[]} */ sides) {
  /** @type {Record<string, number[]>} */
  const medians = {};
  for (const [name, question] of Object.entries(QUESTIONS)) {
    /** @type {number[][]} */
    const times = sides.map(() => []);
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      for (const turn of sides.keys()) {
        const index = (turn + round + WARM_UP) % sides.length;
        const side = /** @type {Side} */ (sides[index]);
        const millis = await ask(side, question(side));
        if (round >= 0) times[index]?.push(millis);
      }
    }
    medians[name] = times.map(median);
  }
  return medians;
}

/** @returns {Promise<number>} how long it took, in milliseconds */
async function ask(/** @type {Side} */ { url, bearer }, /** @type {Question} */ { path, items }) {
  const login = path === '/auth/login';
  const headers = login ? json : { authorization: `Bearer ${bearer}` };
  const begun = performance.now();
  const answer = await fetch(url + path, { headers, ...(login && { method: 'POST', body: admin }) });
  const body = /** @type {{ items?: unknown[] }} */ (await answer.json());
  const millis = performance.now() - begun;
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  const full = !body.items || (items === undefined ? body.items.length >= 50 : body.items.length === items);
  if (!full) throw new Error(`${path} has ${body.items?.length} items`);
  return millis;
}

/** @returns the worst ratio */
function report(/** @type {Record<string, number[]>} */ medians) {
  /** @type {Record<string, object>} */
  const table = {};
  let worst = 0;
  for (const [name, [small = NaN, large = NaN]] of Object.entries(medians)) {
    worst = Math.max(worst, large / small);
    table[name] = { 'ms, few': round(small), 'ms, many': round(large), times: round(large / small) };
  }
  console.log(`\n${SIZES.join(' and ')} users, the median of ${ROUNDS} requests each; at most ${LIMIT} times`);
  console.table(table);
  return worst;
}
