import type { DataSource } from 'typeorm';

/** Limits of connections that serve requests, in milliseconds. Beyond them the response is 503. */
export const SESSION_LIMITS = {
  lock_timeout: 1_500,
  statement_timeout: 2_500,
  idle_in_transaction_session_timeout: 5_000,
} as const;

/** The connections go through a pooler and their role has no limits. The message says how to set them. */
export class SessionLimitsMissing extends Error {
  constructor(names: readonly string[]) {
    const commands = names.map((name) => {
      const millis = SESSION_LIMITS[name as keyof typeof SESSION_LIMITS];
      return `  ALTER ROLE CURRENT_USER SET ${name} = '${millis}ms';`;
    });
    super(
      'DATABASE_URL goes through a pooler (it differs from DATABASE_DIRECT_URL). The service cannot set time limits through ' +
        `a pooler, and the role has none. Connect directly to PostgreSQL as that role and run:\n${commands.join('\n')}\n` +
        'Then make the pooler open new connections, because existing ones keep the old limits: RECONNECT in the console of PgBouncer.',
    );
    this.name = 'SessionLimitsMissing';
  }
}

/** @throws SessionLimitsMissing naming each limit that is not set for the connections of this data source */
export async function requireSessionLimits(dataSource: DataSource): Promise<void> {
  const off: { name: string }[] = await dataSource.query(
    `SELECT name FROM pg_settings WHERE name = ANY($1) AND setting = '0' ORDER BY name`,
    [Object.keys(SESSION_LIMITS)],
  );
  if (off.length > 0) throw new SessionLimitsMissing(off.map(({ name }) => name));
}
