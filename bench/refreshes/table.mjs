// The table of sessions: how it is filled, and what the database says of it.
import { encodeRefreshToken } from './built.mjs';

/** @typedef {{ id: string, generation: number, nonce: Buffer }} Row */

/** A UUIDv7, in SQL: the time, in milliseconds, in the first 48 bits. */
export const idOf = (/** @type {string} */ i) =>
  `(lpad(to_hex(1700000000000 + ${i}::bigint), 12, '0') || '70008000' || lpad(to_hex(${i}::bigint), 12, '0'))::uuid`;

/**
 * So many users, each with a password that is none and with one session, in the order in which they came.
 *
 * @param {import('pg').Pool} pool
 * @param {number} users
 * @param {string} macKeyId
 */
export async function fill(pool, users, macKeyId) {
  await pool.query('TRUNCATE users, password_keys CASCADE');
  await pool.query(`INSERT INTO password_keys (id, secret_id, sealed) VALUES ('none', 'none', '')`);
  await pool.query(
    `INSERT INTO users (id, email)
     SELECT ${idOf('i')}, 'user-' || i || '@example.com' FROM generate_series(1, $1::integer) i`,
    [users],
  );
  await pool.query(
    `INSERT INTO credentials (user_id, hash, scheme, password_key_id)
     SELECT id, rpad('', 60, email), 'bcrypt-hmac-sha384', 'none' FROM users ORDER BY id`,
  );
  await pool.query(
    `INSERT INTO sessions (id, user_id, nonce, previous_nonce, mac_key_id, expires_at, ip, user_agent)
     SELECT id, id, decode(md5(email), 'hex'), decode(md5(id::text), 'hex'), $1, now() + interval '30 days', '203.0.113.7',
            'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
       FROM users ORDER BY id`,
    [macKeyId],
  );
  await pool.query('VACUUM ANALYZE');
  await pool.query('CHECKPOINT');
}

/**
 * As many sessions as are wanted, or all.
 *
 * @param {import('pg').Pool} pool
 * @param {number} most
 * @returns {Promise<Row[]>} by chance
 */
export async function someRows(pool, most) {
  const { rows } = await pool.query(
    `SELECT id, generation, nonce FROM (SELECT * FROM sessions LIMIT $1 * 20) taken ORDER BY random() LIMIT $1`,
    [most],
  );
  return rows;
}

/** @returns {string} the refresh token of a session that is as this row says */
export function tokenOf(
  /** @type {Row} */ { id, generation, nonce },
  /** @type {import('../../src/platform/secrets/secret-ring.value.js').Secret} */ secret,
) {
  return encodeRefreshToken({ sessionId: id, generation, nonce }, secret);
}

/**
 * What the log has grown by, what was updated, and how large the table is, since the database began.
 *
 * @param {import('pg').Pool} pool
 */
export async function figuresOf(pool) {
  await pool.query('SELECT pg_stat_clear_snapshot()');
  const { rows } = await pool.query(`
    SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS wal, n_tup_upd::float8 AS updates,
           n_tup_hot_upd::float8 AS hot, pg_table_size('sessions')::float8 AS "tableBytes",
           pg_indexes_size('sessions')::float8 AS "indexBytes"
      FROM pg_stat_user_tables WHERE relname = 'sessions'`);
  return /** @type {{ wal: number, updates: number, hot: number, tableBytes: number, indexBytes: number }} */ (rows[0]);
}
