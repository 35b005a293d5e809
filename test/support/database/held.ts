import pg from 'pg';
import { until } from '../time/until.js';
import type { TestDatabase } from './database.js';

/** A transaction past the service that keeps what it locked until it is let go. */
export interface HeldTransaction {
  run(sql: string, params?: unknown[]): Promise<void>;
  /** Commits, and so lets everybody go on who waits for it. */
  commit(): Promise<void>;
  /** Undoes all, and lets them go on. */
  rollBack(): Promise<void>;
}

/** Begins a transaction on a connection of its own. */
export async function hold(database: Pick<TestDatabase, 'url'>): Promise<HeldTransaction> {
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined); // the database may be dropped while a failed test still holds it
  await client.connect();
  await client.query('BEGIN');
  const finish = async (how: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    await client.query(how);
    await client.end();
  };
  return {
    run: async (sql, params = []) => void (await client.query(sql, params)),
    commit: () => finish('COMMIT'),
    rollBack: () => finish('ROLLBACK'),
  };
}

/** Waits until so many connections to this database stand before a lock. The service gives up after 1.5 s. */
export async function untilWaiting(
  database: { query(sql: string): Promise<unknown[]> },
  connections: number,
): Promise<void> {
  await until(async () => {
    const waiting = await database.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return waiting.length >= connections;
  });
}
