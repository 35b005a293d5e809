import PgBoss from 'pg-boss';
import { QUEUES } from './queues.js';

/** The PostgreSQL schema of the jobs; pg-boss defines its tables. */
export const QUEUE_SCHEMA = 'jobs';

type Run = (sql: string, values?: unknown[]) => Promise<object[]>;

/**
 * Creates or updates the tables of pg-boss, and creates missing queues. Must not run concurrently.
 * @param run runs one statement, or several without values; returns the rows
 */
export async function prepareQueues(run: Run): Promise<void> {
  const executeSql = async (sql: string, values?: unknown[]): Promise<{ rows: object[] }> => ({
    rows: await run(sql, values),
  });
  const library = new PgBoss({ schema: QUEUE_SCHEMA, supervise: false, schedule: false, db: { executeSql } });
  await library.start();
  for (const queue of QUEUES) await library.createQueue(queue);
}
