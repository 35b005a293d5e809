import { auditRows } from '../../audit/audited.value.js';
import type { Statement } from '../../platform/database/database.service.js';

export const SECONDS_LEFT = (idle: string): string =>
  `least(${idle}, floor(extract(epoch FROM s.expires_at - clock_timestamp())))::integer AS "secondsLeft"`;

export const USABLE = (idle: string): string => `
  s.closed_at IS NULL AND s.expires_at > clock_timestamp()
  AND s.refreshed_at > clock_timestamp() - make_interval(secs => ${idle}) AND u.disabled_at IS NULL`;

export const LIVE_SESSION = `
  s.id, s.user_id AS "userId", u.email, u.email_verified_at IS NOT NULL AS "emailVerified", u.role,
  s.generation, s.nonce, s.mac_key_id AS "macKeyId", s.created_at AS "createdAt"`;

/**
 * A single conditional UPDATE. Of several concurrent ones the first wins; the others check the changed row again and no longer
 * match.
 */
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
 * Judges a token that `ROTATE` did not accept, on the latest version of the row, which it locks. The parent of the live token
 * within the reuse window is a replay. The live token itself was refused only because the session has ended. Any other token has
 * been used before, so the session is closed.
 */
export const JUDGE: Statement = {
  name: 'session_judge',
  text: `
    WITH held AS MATERIALIZED (
      SELECT ${LIVE_SESSION}, u.locale,
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
