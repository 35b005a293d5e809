import { audited, type AuditedAs, auditRows } from '../audit/audited.value.js';
import { deviceRows } from '../devices/device-rows.value.js';
import type { Statement } from '../platform/database/database.service.js';
import { surplusRows } from './surplus-sessions.value.js';

/**
 * `FOR SHARE` makes a login wait for whoever is just closing all sessions of the user, and then find the epoch changed:
 * no session is opened for a reason that has ended. A foreign key's own lock is too weak for that.
 */
const INSERT_ONLY = `
    INSERT INTO sessions (id, user_id, nonce, mac_key_id, expires_at, ip, user_agent)
    SELECT $1, u.id, $4, $5, now() + make_interval(secs => $6), $7, $8
      FROM users u
     WHERE u.id = $2 AND u.session_epoch = $3 AND u.disabled_at IS NULL
       FOR SHARE
    RETURNING id, user_id AS "userId", created_at AS "createdAt"`;

const LOGIN: AuditedAs = { type: 'login_succeeded', actor: '"userId"', subject: '"userId"', session: 'id' };

/** The device from which the session is opened is remembered if the session is: for a reason that has ended, none. */
export const INSERT: Statement = {
  name: 'session_insert',
  text: `
    WITH opened AS (${INSERT_ONLY}
    ), ${deviceRows('opened', { userId: '$2', deviceId: '$9', isNew: '$10' })}, ${surplusRows('opened', '$2')},
    ${auditRows('opened', 10, LOGIN)}
    SELECT * FROM opened`,
};

export const SECONDS_LEFT = (idle: string): string =>
  `least(${idle}, floor(extract(epoch FROM s.expires_at - clock_timestamp())))::integer AS "secondsLeft"`;

export const USABLE = (idle: string): string => `
  s.closed_at IS NULL AND s.expires_at > clock_timestamp()
  AND s.refreshed_at > clock_timestamp() - make_interval(secs => ${idle}) AND u.disabled_at IS NULL`;

export const LIVE_SESSION = `
  s.id, s.user_id AS "userId", u.email, u.role, s.generation, s.nonce, s.mac_key_id AS "macKeyId",
  s.created_at AS "createdAt"`;

/** The one conditional UPDATE. Of many at once the first wins; the rest look again at its row and match no more. */
export const ROTATE: Statement = {
  name: 'session_rotate',
  text: `
    UPDATE sessions s
       SET generation = s.generation + 1, previous_nonce = s.nonce, nonce = $4, mac_key_id = $5,
           refreshed_at = clock_timestamp()
      FROM users u
     WHERE s.id = $1 AND s.generation = $2 AND s.nonce = $3 AND u.id = s.user_id AND ${USABLE('$6')}
    RETURNING ${LIVE_SESSION}, ${SECONDS_LEFT('$6')}`,
};

/**
 * Looks at the newest version of the row under its lock. The parent of the live token within its window is a replay.
 * The live token itself is refused without harm: the session had ended. Anything else was used up: the session closes.
 */
export const JUDGE: Statement = {
  name: 'session_judge',
  text: `
    WITH held AS MATERIALIZED (
      SELECT ${LIVE_SESSION}, u.locale, u.email_verified_at IS NOT NULL AS "emailVerified",
             ${SECONDS_LEFT('$4')}, ${USABLE('$4')} AS usable,
             s.generation = $2 AND s.nonce = $3 AS live,
             s.generation = $2 + 1 AND s.previous_nonce = $3
               AND s.refreshed_at > clock_timestamp() - make_interval(secs => $5) AS parent
        FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = $1
         FOR NO KEY UPDATE OF s
    ), closed AS (
      UPDATE sessions s SET closed_at = clock_timestamp(), close_reason = 'refresh_token_reuse'
        FROM held
       WHERE s.id = held.id AND s.closed_at IS NULL AND held.usable AND NOT held.live AND NOT held.parent
      RETURNING s.id, s.user_id
    ), ${auditRows('closed', 5, { type: 'refresh_token_reuse', subject: 'user_id', session: 'id' })}
    SELECT held.*, held.usable AND held.parent AS replayed, closed.id IS NOT NULL AS "closedNow"
      FROM held LEFT JOIN closed ON closed.id = held.id`,
};

/** One session, by whoever is its user. */
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

/** Whatever is kept of a user's sessions, closed ones too, without what tokens are made of. */
export const FIND_ALL: Statement = {
  name: 'session_find_all',
  text: `
    SELECT id, created_at AS "createdAt", refreshed_at AS "lastUsedAt", expires_at AS "expiresAt", closed_at AS "closedAt",
           close_reason AS "closeReason", ip, user_agent AS "userAgent"
      FROM sessions
     WHERE user_id = $1
     ORDER BY created_at DESC`,
};

/** The list is for a person to read: the thousand used last are enough. */
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
 * What ended thirty days ago. Until then its owner can look it up, and a device that comes back is known. One that nobody
 * refreshed for long stays until its end: an index on the column that tells would be touched by every rotation.
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
