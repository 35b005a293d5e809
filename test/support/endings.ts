import type { HeldTransaction } from './held.js';

/**
 * What ends every session of a user, as the contract has it: the user first, with a new epoch, then in a second
 * statement of the same transaction the sessions. A new password is one that nobody here knows.
 */
const firstStatements = {
  'a password change': [
    'UPDATE users SET session_epoch = session_epoch + 1 WHERE id = $1',
    `UPDATE credentials SET hash = '$2b$04$' || repeat('.', 53) WHERE user_id = $1`,
  ],
  'a password reset': [
    'UPDATE users SET session_epoch = session_epoch + 1 WHERE id = $1',
    `UPDATE credentials SET hash = '$2b$04$' || repeat('/', 53), updated_at = now() WHERE user_id = $1`,
  ],
  'a disable': ['UPDATE users SET session_epoch = session_epoch + 1, disabled_at = now() WHERE id = $1'],
  'a delete': ['UPDATE users SET session_epoch = session_epoch + 1, disabled_at = now() WHERE id = $1'],
} as const;

export type Ending = keyof typeof firstStatements;

export const endings = Object.keys(firstStatements) as Ending[];

/** Does all of an ending but the commit. */
export async function endUncommitted(transaction: HeldTransaction, ending: Ending, userId: string): Promise<void> {
  for (const statement of firstStatements[ending]) await transaction.run(statement, [userId]);
  await transaction.run(
    `UPDATE sessions SET closed_at = clock_timestamp(), close_reason = 'ended' WHERE user_id = $1 AND closed_at IS NULL`,
    [userId],
  );
  if (ending === 'a delete') await transaction.run('DELETE FROM users WHERE id = $1', [userId]);
}

export async function end(transaction: HeldTransaction, ending: Ending, userId: string): Promise<void> {
  await endUncommitted(transaction, ending, userId);
  await transaction.commit();
}
