import { audited, type AuditedAs, auditRows } from '../audit/audited.value.js';
import { deviceRows } from '../devices/device-rows.value.js';
import type { Statement } from '../platform/database/database.service.js';
import { surplusRows } from './surplus-sessions.value.js';

/**
 * `FOR SHARE` makes a login wait for a transaction that is closing all sessions of the user, and then see the raised epoch. So
 * no session can be opened with a password that was just replaced, for example. The lock of a foreign key would be too weak.
 */
const INSERT_ONLY = `
    INSERT INTO sessions (id, user_id, nonce, mac_key_id, expires_at, ip, user_agent)
    SELECT $1, u.id, $4, $5, now() + make_interval(secs => $6), $7, $8
      FROM users u
     WHERE u.id = $2 AND u.session_epoch = $3 AND u.disabled_at IS NULL
       FOR SHARE
    RETURNING id, user_id AS "userId", created_at AS "createdAt"`;

/** For open sessions that were deleted to make room for a new one: one event per login. */
const SURPLUS: AuditedAs = {
  type: 'sessions_closed',
  subject: '$2::uuid',
  detail: `jsonb_build_object('reason', 'surplus', 'count', count(*))`,
  having: 'count(*) > 0',
};
const LOGIN: AuditedAs = { type: 'login_succeeded', actor: '"userId"', subject: '"userId"', session: 'id' };

/** The device is remembered only if the session is inserted. */
export const INSERT: Statement = {
  name: 'session_insert',
  text: `
    WITH opened AS (${INSERT_ONLY}
    ), ${deviceRows('opened', { userId: '$2', deviceId: '$9', isNew: '$10' })}, ${surplusRows('opened', '$2')},
    ${auditRows('opened', 11, LOGIN)}, ${auditRows('surplus_open', 11, SURPLUS, { name: 'surplus_audited', id: '$11' })}
    SELECT *, (SELECT count(*) FROM surplus_open)::integer AS surplus FROM opened`,
};

/** One session, closed by its user. */
const CLOSED_ONE: AuditedAs = {
  type: 'session_closed',
  actor: '"userId"',
  subject: '"userId"',
  session: 'id',
  detail: `jsonb_build_object('reason', reason)`,
};

const CLOSE_ONLY: Statement = {
  name: 'session_close',
  text: `
    UPDATE sessions SET closed_at = clock_timestamp(), close_reason = $2
     WHERE id = $1 AND closed_at IS NULL
    RETURNING id, user_id AS "userId", close_reason AS reason`,
};

export const CLOSE = audited(CLOSE_ONLY, 2, CLOSED_ONE);

const CLOSE_OWN_ONLY: Statement = {
  name: 'session_close_own',
  text: `
    UPDATE sessions SET closed_at = clock_timestamp(), close_reason = $3
     WHERE id = $1 AND user_id = $2 AND closed_at IS NULL
    RETURNING id, user_id AS "userId", close_reason AS reason`,
};

export const CLOSE_OWN = audited(CLOSE_OWN_ONLY, 3, CLOSED_ONE);

const CLOSE_ALL_ONLY: Statement = {
  name: 'session_close_all',
  text: `
    UPDATE sessions SET closed_at = clock_timestamp(), close_reason = $3
     WHERE user_id = $1 AND id IS DISTINCT FROM $2::uuid AND closed_at IS NULL
    RETURNING id`,
};

export const CLOSE_ALL = audited(CLOSE_ALL_ONLY, 4, {
  type: 'sessions_closed',
  actor: '$4::uuid',
  subject: '$1::uuid',
  detail: `jsonb_build_object('reason', $3::text, 'count', count(*))`,
  having: 'count(*) > 0',
});

/** All stored sessions of a user, also closed ones, without nonces. */
export const FIND_ALL: Statement = {
  name: 'session_find_all',
  text: `
    SELECT id, created_at AS "createdAt", refreshed_at AS "lastUsedAt", expires_at AS "expiresAt", closed_at AS "closedAt",
           close_reason AS "closeReason", ip, user_agent AS "userAgent"
      FROM sessions
     WHERE user_id = $1
     ORDER BY created_at DESC`,
};

/** Limited, because a person reads the list. */
export const FIND_OPEN: Statement = {
  name: 'session_find_open',
  text: `
    SELECT id, created_at AS "createdAt", refreshed_at AS "lastUsedAt",
           least(expires_at, refreshed_at + make_interval(secs => $2)) AS "expiresAt",
           ip, user_agent AS "userAgent"
      FROM sessions
     WHERE user_id = $1 AND closed_at IS NULL AND expires_at > now()
       AND refreshed_at > now() - make_interval(secs => $2)
     ORDER BY refreshed_at DESC
     LIMIT 1000`,
};

/**
 * Deletes sessions that ended thirty days ago; until then their owner can look them up. A session that expired by idling is kept
 * until its maximum lifetime ends, because an index on `refreshed_at` would have to be updated by every rotation.
 */
export const DELETE_ENDED: Statement = {
  name: 'session_delete_ended',
  text: `
    DELETE FROM sessions
     WHERE id = ANY (ARRAY(SELECT id FROM sessions
                            WHERE coalesce(closed_at, expires_at) < now() - interval '30 days'
                            ORDER BY coalesce(closed_at, expires_at) LIMIT $1
                              FOR UPDATE SKIP LOCKED))
    RETURNING id`,
};
