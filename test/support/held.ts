import pg from 'pg';
import type { TestDatabase } from './database.js';
import { until } from './until.js';

/** A transaction past the service that keeps what it locked until it is let go. */
export interface HeldTransaction {
  run(sql: string, params?: unknown[]): Promise<void>;
  /** Commits, and so lets everybody go on who waits for it. */
  commit(): Promise<void>;
}

/** Begins a transaction on a connection of its own. */
export async function hold(database: TestDatabase): Promise<HeldTransaction> {
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined); // the database may be dropped while a failed test still holds it
  await client.connect();
  await client.query('BEGIN');
  return {
    run: async (sql, params = []) => void (await client.query(sql, params)),
    commit: async () => {
      await client.query('COMMIT');
      await client.end();
    },
  };
}

/** Waits until so many connections to this database stand before a lock. The service gives up after 1.5 s. */
export async function untilWaiting(database: TestDatabase, connections: number): Promise<void> {
  await until(async () => {
    const waiting = await database.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return waiting.length >= connections;
  }, 1_000);
}
