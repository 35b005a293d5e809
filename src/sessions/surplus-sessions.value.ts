/** Maximum number of stored sessions per account, including ended ones. */
const MOST_SESSIONS = 1_000;
/** Bounds the work of one login if there are very many sessions; the next login deletes more. */
const AT_ONCE = 100;

/**
 * SQL of CTEs that make room for a new session. Ended sessions are deleted first, then those not used for longest. Locked rows
 * are skipped until the next time. Without this limit, somebody who knows a password could open so many sessions that closing
 * them all exceeds the statement timeout, and then nobody could change the password.
 * @param opened the name of the CTE with the new session, which may be empty
 */
export function surplusRows(opened: string, userId: string): string {
  return `
    surplus_deleted AS (
      DELETE FROM sessions s USING ${opened}
       WHERE s.id = ANY (ARRAY (
               SELECT id FROM sessions
                WHERE id IN (
                        SELECT id FROM sessions WHERE user_id = ${userId}
                         ORDER BY closed_at IS NULL DESC, refreshed_at DESC OFFSET ${MOST_SESSIONS - 1} LIMIT ${AT_ONCE})
                  FOR UPDATE SKIP LOCKED))
      RETURNING s.closed_at IS NULL AND s.expires_at > clock_timestamp() AS open
    ), surplus_open AS (SELECT FROM surplus_deleted WHERE open)`;
}
