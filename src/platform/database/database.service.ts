import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Config } from '../config/config.js';
import { isDatabaseTrouble } from './trouble.js';

/** SQL with `$1`-style places. Under its name the server parses and plans it once for each connection. */
export interface Statement {
  name: string;
  text: string;
}

interface Transaction {
  manager: EntityManager;
  /** What is done once it is committed. */
  afterwards: (() => void)[];
}

/** The way to the database for repositories: they find the current transaction here, and services never see it. */
@Injectable()
export class Database {
  private readonly transactions = new AsyncLocalStorage<Transaction>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  /** The entity manager of the transaction under way, or else one that takes a connection for each call. */
  get manager(): EntityManager {
    return this.transactions.getStore()?.manager ?? this.dataSource.manager;
  }

  /** Everything that repositories do within `work` happens together or not at all. A transaction within one joins it. */
  async inTransaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.transactions.getStore()) return work();
    const afterwards: (() => void)[] = [];
    const result = await this.dataSource.transaction((manager) => this.transactions.run({ manager, afterwards }, work));
    afterwards.forEach((act) => act());
    return result;
  }

  /** For what may be done only if the changes stay: at once outside a transaction, never if it is rolled back. */
  afterCommit(act: () => void): void {
    const transaction = this.transactions.getStore();
    if (transaction) transaction.afterwards.push(act);
    else act();
  }

  /** One statement, one round trip. */
  async query<Row extends QueryResultRow>(statement: Statement, values: unknown[]): Promise<Row[]> {
    const runner = this.transactions.getStore()?.manager.queryRunner;
    if (runner) return (await this.send<Row>((await runner.connect()) as PoolClient, statement, values)).rows;
    const client = await this.pool.connect();
    try {
      const { rows } = await this.send<Row>(client, statement, values);
      client.release();
      return rows;
    } catch (error) {
      client.release(isDatabaseTrouble(error)); // true: this connection is not used again
      throw error;
    }
  }

  /** Succeeds when the database answers. */
  async ping(): Promise<void> {
    await this.query({ name: 'ping', text: 'SELECT 1' }, []);
  }

  private send<Row extends QueryResultRow>(
    client: PoolClient,
    { name, text }: Statement,
    values: unknown[],
  ): Promise<QueryResult<Row>> {
    return client.query<Row>(this.config.preparedStatements ? { name, text, values } : { text, values });
  }

  private get pool(): Pool {
    return (this.dataSource.driver as PostgresDriver).master as Pool;
  }
}
