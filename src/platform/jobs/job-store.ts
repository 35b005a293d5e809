import { Injectable } from '@nestjs/common';
import pg from 'pg';
import PgBoss from 'pg-boss';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { SecretRing } from '../secrets/secret-ring.value.js';
import { QUEUE_SCHEMA } from './queue-schema.js';
import { type QueueName, QUEUES } from './queues.js';
import { openData, type SealedData, sealData } from './sealed-data.js';

const CONNECT_MILLIS = 1_500;
const ANSWER_MILLIS = 5_000;
/** The first retry follows after 2 to 4 s, and each delay is twice the last: the final attempt is 36 to 72 h after the first. */
const RETRIES = { retryLimit: 16, retryDelay: 2, retryBackoff: true };
/** A job that takes longer is considered abandoned, and another process takes it. */
export const WORK_SECONDS = 120;
/** How long jobs that were given up are kept for inspection or a manual retry. */
const GIVEN_UP_SECONDS = 7 * 86_400;

const COUNT_WAITING = `
  SELECT name AS queue, count(*)::integer AS count
    FROM ${QUEUE_SCHEMA}.job
   WHERE state IN ('created', 'retry', 'active')
   GROUP BY name`;

export type StoredJob = PgBoss.JobWithMetadata<SealedData>;

/**
 * The jobs in the database. Uses only the queries of pg-boss: its workers would end the process if a job finished while the
 * database is unreachable.
 */
@Injectable()
export class JobStore {
  private readonly pool: pg.Pool;
  private readonly library: PgBoss;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly secrets: SecretRing,
  ) {
    this.pool = new pg.Pool({
      connectionString: config.databaseDirectUrl,
      application_name: 'auth-service',
      max: 1,
      connectionTimeoutMillis: CONNECT_MILLIS,
      query_timeout: ANSWER_MILLIS,
      keepAlive: true,
    });
    this.pool.on('error', () => undefined); // the next statement opens a new connection
    this.library = new PgBoss({
      schema: QUEUE_SCHEMA,
      archiveCompletedAfterSeconds: GIVEN_UP_SECONDS,
      deleteAfterSeconds: 1,
      db: { executeSql: (sql, values) => this.pool.query(sql, values) },
    });
  }

  /** Inserts a job within the current transaction. @returns its id */
  async insert(queue: QueueName, data: object, startAfter?: Date): Promise<string> {
    const id = uuidv7();
    const executeSql = async (text: string, values: unknown[]): Promise<{ rows: object[] }> => ({
      rows: await this.database.query({ name: 'enqueue_job', text }, values),
    });
    const options = {
      id,
      ...(startAfter && { startAfter }),
      expireInSeconds: WORK_SECONDS,
      ...RETRIES,
      db: { executeSql },
    };
    if (!(await this.library.send(queue, sealData(this.secrets, id, data), options))) {
      throw new Error(`there is no queue ${queue}`);
    }
    return id;
  }

  /** Takes due jobs for this process alone. Returns none if the database is unreachable. */
  take(queue: QueueName, limit: number): Promise<StoredJob[]> {
    return this.library.fetch<SealedData>(queue, {
      batchSize: limit,
      includeMetadata: true,
      db: this.prepared('jobs_take'),
    });
  }

  /** @throws SecretMissing */
  open({ id, data }: StoredJob): unknown {
    return openData(this.secrets, id, data);
  }

  /** Deletes a finished job. */
  async remove({ name, id }: StoredJob): Promise<void> {
    await this.library.deleteJob(name, id, { db: this.prepared('jobs_remove') });
  }

  /** Schedules the next attempt; after the last one the job has failed for good. */
  async retry({ name, id }: StoredJob, reason: string): Promise<void> {
    await this.library.fail(name, id, { reason });
  }

  async giveUp({ name, id }: StoredJob): Promise<void> {
    await this.library.cancel(name, id);
  }

  /** The number of unfinished jobs per queue, including those in progress. The same for all replicas. */
  async countWaiting(): Promise<Record<string, number>> {
    const { rows } = await this.pool.query<{ queue: string; count: number }>(COUNT_WAITING);
    const counts = new Map(rows.map(({ queue, count }) => [queue, count]));
    return Object.fromEntries(QUEUES.map((queue) => [queue, counts.get(queue) ?? 0]));
  }

  /**
   * Returns jobs of dead processes to their queues, and deletes jobs that were given up long ago. Safe to call from any replica
   * at any time.
   */
  async tidy(): Promise<void> {
    await this.library.maintain();
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  /** For frequent queries: the server would spend as long parsing them as running them. */
  private prepared(name: string): PgBoss.Db {
    const named = this.config.preparedStatements && { name };
    return { executeSql: (text, values) => this.pool.query({ text, values, ...named }) };
  }
}
