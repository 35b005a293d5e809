import { Socket } from 'node:net';
import type pg from 'pg';
import type { Cluster } from './cluster.js';
import { connect } from './connection.js';

const lock = 5_432_018; // an arbitrary advisory lock id

/**
 * One process's claim to the server. Two may share the server (a second start by mistake), and the one that ends must not stop
 * it for the other. The claim is an advisory lock of a connection, so it disappears with a crashed process.
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
      // Another process created it meanwhile: duplicate_database, or unique_violation at the same moment.
      if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
    });
  }

  /** Lets this process exit while the claim is held. */
  rest(): void {
    this.socket.unref();
  }

  /** @param tell called once the connection has ended, for whatever reason */
  whenEnded(tell: () => void): void {
    this.client.once('end', tell);
  }

  /** Releases the claim. If no other process has one, runs `shutDown`. */
  async moveOut(shutDown: () => Promise<void>): Promise<void> {
    this.socket.ref();
    await this.client.end();
    // If the server cannot be reached, nobody else uses it.
    const client = await connect(this.cluster, this.port).catch(() => null);
    try {
      const answer = await client?.query<{ alone: boolean }>('SELECT pg_try_advisory_lock($1) AS alone', [lock]);
      // The lock is held until the server is down, so that a new process waits, loses its connection, and starts the server
      // again.
      if (answer?.rows[0]?.alone ?? true) await shutDown();
    } finally {
      await client?.end();
    }
  }
}
