import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Config } from '../config/config.js';
import { Metrics } from '../instruments/metrics.js';
import type { Counter } from '../instruments/series.js';
import type { NamedQuery } from './connections/bounded-client.js';
import { throughConflicts } from './conflicts.js';
import { MIGRATIONS } from './migrations.js';
import { isConflict, isDatabaseTrouble, sqlState, TROUBLE_KINDS, troubleKind } from './trouble.js';

/** SQL with `$1`-style places. Under its name the server parses and plans it once for each connection. */
export interface Statement {
  name: string;
  text: string;
}

const APPLIED: Statement = {
  name: 'migrations_applied',
  text: 'SELECT count(DISTINCT name)::integer AS count FROM migrations WHERE name = ANY($1)',
};

/** SQLSTATE of a table that is not there. */
const UNDEFINED_TABLE = '42P01';

interface Transaction {
  manager: EntityManager;
  /** What is done once it is committed. */
  afterwards: (() => void)[];
}

/** The way to the database for repositories: they find the current transaction here, and services never see it. */
@Injectable()
export class Database {
  private readonly transactions = new AsyncLocalStorage<Transaction>();
  private readonly trouble: Counter<'kind'>;
  private readonly retries: Counter<never>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
    metrics: Metrics,
  ) {
    this.trouble = metrics.counter('auth_database_trouble_total', 'Failed database work by kind.', {
      kind: TROUBLE_KINDS,
    });
    this.retries = metrics.counter(
      'auth_database_retries_total',
      'Retries after a deadlock or a serialization failure.',
      {},
    );
    metrics.gauge('auth_database_connections', 'Connections in the pool by state.', () => this.connections, 'state');
    metrics.gauge('auth_database_waiting', 'Requests waiting for a connection.', () => this.pool.waitingCount);
  }

  /** The entity manager of the transaction under way, or else one that takes a connection for each call. */
  get manager(): EntityManager {
    return this.transactions.getStore()?.manager ?? this.dataSource.manager;
  }

  /**
   * Everything that repositories do within `work` happens together or not at all. A transaction within one joins it.
   * @param work is called again, a few times at most, after a deadlock or a serialization failure: what it does outside the database
   * belongs into `afterCommit`, and what it decides on is read within
   */
  async inTransaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.transactions.getStore()) return work();
    const { result, afterwards } = await this.tried(() => this.commit(work));
    afterwards.forEach((act) => act());
    return result;
  }

  private async commit<T>(work: () => Promise<T>): Promise<{ result: T; afterwards: Transaction['afterwards'] }> {
    const afterwards: Transaction['afterwards'] = [];
    const result = await this.dataSource.transaction((manager) => this.transactions.run({ manager, afterwards }, work));
    return { result, afterwards };
  }

  /** For what may be done only if the changes stay: at once outside a transaction, never if it is rolled back. */
  afterCommit(act: () => void): void {
    const transaction = this.transactions.getStore();
    if (transaction) transaction.afterwards.push(act);
    else act();
  }

  /** One statement, one round trip; by itself it is tried again like a transaction. */
  async query<Row extends QueryResultRow>(statement: Statement, values: unknown[]): Promise<Row[]> {
    const runner = this.transactions.getStore()?.manager.queryRunner;
    if (runner) return (await this.send<Row>((await runner.connect()) as PoolClient, statement, values)).rows;
    return this.tried(() => this.queryAlone(statement, values));
  }

  private async queryAlone<Row extends QueryResultRow>(statement: Statement, values: unknown[]): Promise<Row[]> {
    const client = await this.pool.connect();
    try {
      const { rows } = await this.send<Row>(client, statement, values);
      client.release();
      return rows;
    } catch (error) {
      client.release(isDatabaseTrouble(error) && !isConflict(error)); // true: this connection is not used again
      throw error;
    }
  }

  private async tried<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await throughConflicts(work, () => this.retries.add({}));
    } catch (error) {
      if (isDatabaseTrouble(error)) this.trouble.add({ kind: troubleKind(error) });
      throw error;
    }
  }

  /** Whether every migration of this release was applied; there may be others, of a later one. */
  async isMigrated(): Promise<boolean> {
    try {
      const [row] = await this.query<{ count: number }>(APPLIED, [MIGRATIONS.map(({ name }) => name)]);
      return row?.count === MIGRATIONS.length;
    } catch (error) {
      if (sqlState(error) === UNDEFINED_TABLE) return false;
      throw error;
    }
  }

  private send<Row extends QueryResultRow>(
    client: PoolClient,
    { name, text }: Statement,
    values: unknown[],
  ): Promise<QueryResult<Row>> {
    const query: NamedQuery = { label: name, text, values, ...(this.config.preparedStatements && { name }) };
    return client.query<Row>(query);
  }

  private get connections(): Record<string, number> {
    const { totalCount, idleCount } = this.pool;
    return { idle: idleCount, busy: totalCount - idleCount };
  }

  /** @throws what TypeORM throws once the service has ended */
  private get pool(): Pool {
    const pool = (this.dataSource.driver as PostgresDriver).master as Pool | undefined;
    if (!pool) throw new Error('Driver not Connected');
    return pool;
  }
}
