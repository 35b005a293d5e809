import PgBoss from 'pg-boss';
import { QUEUES } from './queues.js';

/** The PostgreSQL schema that holds the jobs; its tables are the library's own. */
export const QUEUE_SCHEMA = 'jobs';

type Run = (sql: string, values?: unknown[]) => Promise<object[]>;

/**
 * Makes the tables of the queue, or brings them up to date, and makes every queue that is new. One caller at a time.
 * @param run one statement, or several without values; gives the rows
 */
export async function prepareQueues(run: Run): Promise<void> {
  const executeSql = async (sql: string, values?: unknown[]): Promise<{ rows: object[] }> => ({
    rows: await run(sql, values),
  });
  const library = new PgBoss({ schema: QUEUE_SCHEMA, supervise: false, schedule: false, db: { executeSql } });
  await library.start();
  for (const queue of QUEUES) await library.createQueue(queue);
}
