import type { DataSource } from 'typeorm';

/** Limits of connections that serve requests, in milliseconds: past them the answer is 503, and nobody hangs. */
export const SESSION_LIMITS = {
  lock_timeout: 1_500,
  statement_timeout: 2_500,
  idle_in_transaction_session_timeout: 5_000,
} as const;

/** Behind a pooler the role must carry the limits itself, and does not. The message says how to give them. */
export class SessionLimitsMissing extends Error {
  constructor(names: readonly string[]) {
    const commands = names.map((name) => {
      const millis = SESSION_LIMITS[name as keyof typeof SESSION_LIMITS];
      return `  ALTER ROLE CURRENT_USER SET ${name} = '${millis}ms';`;
    });
    super(
      'DATABASE_URL leads through a pooler (DATABASE_DIRECT_URL differs), which does not take time limits from the ' +
        `service, and the role has none of its own. Connect past the pooler as that role and run:\n${commands.join('\n')}\n` +
        'Then let the pooler open new connections, for those it has keep what the role had before: RECONNECT in the console of PgBouncer.',
    );
    this.name = 'SessionLimitsMissing';
  }
}

/** @throws SessionLimitsMissing naming each limit that is off for the connections of this data source */
export async function requireSessionLimits(dataSource: DataSource): Promise<void> {
  const off: { name: string }[] = await dataSource.query(
    `SELECT name FROM pg_settings WHERE name = ANY($1) AND setting = '0' ORDER BY name`,
    [Object.keys(SESSION_LIMITS)],
  );
  if (off.length > 0) throw new SessionLimitsMissing(off.map(({ name }) => name));
}
