import { DataSource } from 'typeorm';
import { prepareQueues } from '../jobs/queue-schema.js';
import { migratingOptions } from './connections/data-source-options.js';

/** Advisory lock that serializes schema changes. The number only has to be unique within the database. */
const SCHEMA_LOCK = 7_265_101;

/** Applies pending migrations. TypeORM takes no lock, so this function does: any number of replicas may call it at once. */
export async function migrate(directUrl: string): Promise<void> {
  const dataSource = await new DataSource(migratingOptions(directUrl)).initialize();
  try {
    const lock = dataSource.createQueryRunner();
    await lock.query('SELECT pg_advisory_lock($1)', [SCHEMA_LOCK]);
    try {
      await dataSource.runMigrations();
      await prepareQueues(async (sql, values) => (await lock.query(sql, values)) as object[]);
    } finally {
      await lock.query('SELECT pg_advisory_unlock($1)', [SCHEMA_LOCK]);
      await lock.release();
    }
  } finally {
    await dataSource.destroy();
  }
}
