// What is there when all is over, held against what clients were told.
import pg from 'pg';
import { ask } from '../revocations/requests.mjs';

/** @typedef {{ generation: number, nonce: Buffer, closed_at: Date | null }} Row */

/** @returns {Promise<string[]>} what is not as it was acknowledged */
export async function examine(
  /** @type {string} */ databaseUrl,
  /** @type {import('./replicas.mjs').Replicas} */ [replica],
  /** @type {import('./clients.mjs').Clients} */ { emails, open, closed },
) {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const rows = await sessions(database);
    return [
      ...(await lostAccounts(database, emails)),
      ...open.flatMap((tokens) => sessionFindings(tokens, rows)),
      ...closed.filter((token) => !rowOf(token, rows)?.closed_at).map(() => 'a session is open whose end was told'),
      ...(await reuse(database)),
      ...(await tokenFindings(replica.url, open)),
    ];
  } finally {
    await database.end();
  }
}

/** @returns {Promise<Map<string, Row>>} */
async function sessions(/** @type {pg.Client} */ database) {
  const { rows } = await database.query('SELECT id, generation, nonce, closed_at FROM sessions');
  return new Map(rows.map((row) => [row.id.replaceAll('-', ''), row]));
}

async function lostAccounts(/** @type {pg.Client} */ database, /** @type {string[]} */ emails) {
  const { rows } = await database.query('SELECT email FROM users JOIN credentials ON user_id = id');
  const known = new Set(rows.map(({ email }) => email));
  return emails.filter((email) => !known.has(email)).map((email) => `the account ${email} is lost`);
}

/** The newest token that a client was given is the one that the row has, unless an answer was lost on the way. */
function sessionFindings(/** @type {string[]} */ tokens, /** @type {Map<string, Row>} */ rows) {
  const newest = tokens.at(-1) ?? '';
  const row = rowOf(newest, rows);
  if (!row) return ['a session is lost'];
  const { generation, nonce } = contentOf(newest);
  const isLive = row.closed_at === null && row.generation === generation && row.nonce.equals(nonce);
  return isLive ? [] : ['the newest token of a client is not the live one of its session'];
}

async function reuse(/** @type {pg.Client} */ database) {
  const { rows } = await database.query(`SELECT FROM audit_events WHERE type = 'refresh_token_reuse'`);
  return rows.length === 0 ? [] : [`${rows.length} sessions of honest clients were closed as if they were stolen`];
}

/** Of all tokens of a session only the newest is taken: then its grand-parent, which closes it, and then none is. */
async function tokenFindings(/** @type {string} */ url, /** @type {string[][]} */ open) {
  const findings = [];
  const statusOf = async (/** @type {string | undefined} */ refreshToken) =>
    (await ask('POST', `${url}/auth/refresh`, { body: { refreshToken } })).status;
  for (const tokens of open) {
    if ((await statusOf(tokens.at(-1))) !== 200) findings.push('the newest token of a client is refused');
    if (tokens.length < 2) continue;
    if ((await statusOf(tokens.at(-2))) !== 401) findings.push('a session has two live tokens');
    if ((await statusOf(tokens.at(-1))) !== 401) findings.push('a session outlives its theft');
  }
  return findings;
}

function rowOf(/** @type {string} */ token, /** @type {Map<string, Row>} */ rows) {
  return rows.get(contentOf(token).sessionId);
}

/** What a refresh token holds, in the clear: 16 bytes session id, 4 generation, 16 nonce. */
function contentOf(/** @type {string} */ token) {
  const bytes = Buffer.from(token, 'base64url');
  return {
    sessionId: bytes.toString('hex', 0, 16),
    generation: bytes.readUInt32BE(16),
    nonce: bytes.subarray(20, 36),
  };
}
