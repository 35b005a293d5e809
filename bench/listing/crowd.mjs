// Users and events by the million, past the service: only how many there are differs.
import { query } from '../revocations/processes.mjs';

/** Of each kind that is rare, however many users there are. */
export const FEW = 3;

/** Of the user who came so many seconds after the first; in SQL `ID`. */
export function idOf(/** @type {number} */ i) {
  return `${Math.floor(i).toString(16).padStart(8, '0')}-0000-7000-8000-000000000000`;
}
const ID = `(lpad(to_hex(i), 8, '0') || '-0000-7000-8000-000000000000')::uuid`;

/** Triggers and foreign keys are left out: what is added keeps their rules. */
export async function addUsers(/** @type {string} */ databaseUrl, /** @type {number} */ users) {
  await query(
    databaseUrl,
    `SET session_replication_role = replica;
     INSERT INTO users (id, email, role, disabled_at, created_at)
     SELECT ${ID},
            CASE WHEN i <= ${FEW} THEN 'few' ELSE substr(md5(i::text), 1, 8) END || i || '@example.com',
            CASE WHEN i <= ${FEW} THEN 'editor' ELSE 'user' END,
            CASE WHEN i > ${FEW} AND i <= ${2 * FEW} THEN now() END,
            now() - make_interval(secs => ${users} - i)
       FROM generate_series(1, ${users}) i;
     INSERT INTO audit_events (id, type, actor_id, subject_id, ip, created_at, seq, digest)
     SELECT ${ID}, CASE WHEN i <= ${FEW} THEN 'password_changed' ELSE 'login_succeeded' END, ${ID}, ${ID}, '203.0.113.7',
            now() - make_interval(secs => ${users} - i), ${users} + i, sha256(i::text::bytea)
       FROM generate_series(1, ${users}) i;
     UPDATE audit_chain SET head_seq = 2 * ${users}`,
  );
  await query(databaseUrl, 'VACUUM ANALYZE');
}
