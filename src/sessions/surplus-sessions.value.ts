/** How many sessions of an account are kept, those that ended included. */
const MOST_SESSIONS = 1_000;
/** So that a login is quick also where there are very many: the next one goes on. */
const AT_ONCE = 100;

/**
 * SQL of a part for a statement with several, as `audited` makes them: a new session takes a place. Those that ended go first, then those
 * not used for longest; who locks a row keeps it until the next time. Without a bound, whoever knows a password could open so many
 * that closing them all takes longer than any statement may, and nobody could change the password.
 * @param opened the part with the session that was opened, or with no row
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
