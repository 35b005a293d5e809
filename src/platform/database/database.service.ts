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

/** SQL with `$1`-style parameters. With prepared statements on, the server parses it once per connection, under its name. */
export interface Statement {
  name: string;
  text: string;
}

const APPLIED: Statement = {
  name: 'migrations_applied',
  text: 'SELECT count(DISTINCT name)::integer AS count FROM migrations WHERE name = ANY($1)',
};

/** SQLSTATE undefined_table. */
const UNDEFINED_TABLE = '42P01';

interface Transaction {
  manager: EntityManager;
  /** Run after the commit. */
  afterwards: (() => void)[];
}

/** Gives repositories the current transaction, so that services need not pass it on. */
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

  /** The entity manager of the current transaction, or one that takes a connection for each call. */
  get manager(): EntityManager {
    return this.transactions.getStore()?.manager ?? this.dataSource.manager;
  }

  /**
   * Everything that repositories do within `work` is committed together or not at all. A nested transaction joins the outer one.
   * @param work is called again, a few times at most, after a deadlock or a serialization failure. So it must read everything
   * that it bases decisions on itself, and leave effects outside the database to `afterCommit`
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

  /** Runs `act` after the commit of the current transaction, or at once outside one. After a rollback it never runs. */
  afterCommit(act: () => void): void {
    const transaction = this.transactions.getStore();
    if (transaction) transaction.afterwards.push(act);
    else act();
  }

  /** Runs one statement in one round trip. Outside a transaction it is retried like one. */
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
      client.release(isDatabaseTrouble(error) && !isConflict(error)); // true: the pool destroys the connection
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

  /** Whether every migration of this release is applied. Those of a later release are ignored. */
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

  /** @throws the error that TypeORM throws after the shutdown */
  private get pool(): Pool {
    const pool = (this.dataSource.driver as PostgresDriver).master as Pool | undefined;
    if (!pool) throw new Error('Driver not Connected');
    return pool;
  }
}
