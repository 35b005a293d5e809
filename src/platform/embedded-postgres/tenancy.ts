import { Socket } from 'node:net';
import type pg from 'pg';
import type { Cluster } from './cluster.js';
import { connect } from './connection.js';

const lock = 5_432_018; // any number, the same in every start

/**
 * One process's claim to the server. Two may share it (a second start by mistake); the one that ends must not take the
 * database from the other. A lock held by a connection needs no clearing up after a crash.
 */
export class Tenancy {
  private constructor(
    private readonly cluster: Cluster,
    private readonly port: number,
    private readonly client: pg.Client,
    private readonly socket: Socket,
  ) {}

  static async moveIn(cluster: Cluster, port: number): Promise<Tenancy> {
    const socket = new Socket();
    const client = await connect(cluster, port, socket);
    try {
      await client.query('SELECT pg_advisory_lock_shared($1)', [lock]);
      return new Tenancy(cluster, port, client, socket);
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  async makeDatabase(name: string): Promise<void> {
    const found = await this.client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount) return;
    await this.client.query(`CREATE DATABASE ${this.client.escapeIdentifier(name)}`).catch((error: unknown) => {
      // Another start made it meanwhile: duplicate_database, or unique_violation in the very same moment.
      if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
    });
  }

  /** From here on the claim does not keep this process alive. */
  rest(): void {
    this.socket.unref();
  }

  /** @param tell is called once the connection has ended, whoever ended it */
  whenEnded(tell: () => void): void {
    this.client.once('end', tell);
  }

  /** Gives the claim up; then runs `shutDown` unless somebody else still lives here. */
  async moveOut(shutDown: () => Promise<void>): Promise<void> {
    this.socket.ref();
    await this.client.end();
    // A server that cannot be reached any more is not somebody's home.
    const client = await connect(this.cluster, this.port).catch(() => null);
    try {
      const answer = await client?.query<{ alone: boolean }>('SELECT pg_try_advisory_lock($1) AS alone', [lock]);
      // The lock is kept until the server is down: a newcomer waits, is sent away, and starts the server again.
      if (answer?.rows[0]?.alone ?? true) await shutDown();
    } finally {
      await client?.end();
    }
  }
}
