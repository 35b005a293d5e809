import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openCluster, type Cluster as Files } from '../../../src/platform/embedded-postgres/cluster.js';
import { urlOf } from '../../../src/platform/embedded-postgres/connection.js';
import { postmasterOf } from '../../../src/platform/embedded-postgres/postmaster.js';
import { exitCodeOf } from '../../../src/platform/embedded-postgres/programs.js';
import { bringUp, stopAtExit } from '../../../src/platform/embedded-postgres/server.js';
import type { TestDatabase } from '../../support/database/database.js';
import { folder } from '../../support/embedded/embedded-clusters.js';

const NAME = 'auth';

/** A PostgreSQL of a suite's own, with one empty database, that may be stopped and comes back on the same port. */
export class Cluster {
  /** Past the service, as superuser: for whom connections are left when all others are taken. */
  readonly database: TestDatabase;
  /** As the service has it: a role that owns its database and nothing else. */
  readonly url: string;
  private readonly keepAtExit: () => void;

  private constructor(
    private readonly files: Files,
    readonly port: number,
    readonly password: string,
  ) {
    this.keepAtExit = stopAtExit(files);
    this.url = `postgres://${NAME}:${password}@127.0.0.1:${port}/${NAME}?sslmode=disable`;
    this.database = databaseAt(urlOf(files, port, NAME));
  }

  /** @param home a folder for it; by default one that `removeFolders` removes */
  static async start(home?: string): Promise<Cluster> {
    const files = await openCluster(home ?? (await folder()), true);
    const port = await portOf(files, 0);
    const password = randomBytes(16).toString('hex');
    const server = databaseAt(urlOf(files, port, 'postgres'));
    await server.query(`CREATE ROLE ${NAME} LOGIN PASSWORD '${password}'`);
    await server.query(`CREATE DATABASE ${NAME} OWNER ${NAME}`);
    // Nothing waits for the disk here, but what was acknowledged must be there after a stop at once.
    await server.query(`ALTER DATABASE ${NAME} SET synchronous_commit = on`);
    await server.drop();
    return new Cluster(files, port, password);
  }

  /** As pulling the plug would: no session is told goodbye. */
  async stopAtOnce(): Promise<void> {
    await exitCodeOf(this.files.binaries.pgCtl, ['stop', '-w', '-m', 'immediate', '-D', this.files.data], this.account);
  }

  /** Resolves when it lets clients in. */
  async startAgain(): Promise<void> {
    await portOf(this.files, this.port);
  }

  /** Whether the server runs; after a crash it may have given up. */
  async isUp(): Promise<boolean> {
    return (await postmasterOf(this.files.data)) !== null;
  }

  /** The process that accepts connections. */
  async postmaster(): Promise<number> {
    const running = await postmasterOf(this.files.data);
    if (!running) throw new Error('PostgreSQL does not run');
    return running.pid;
  }

  /** The server processes behind the service's connections, whatever they are doing. */
  async backends(): Promise<number[]> {
    const rows = await this.database.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE usename = '${NAME}' AND datname = '${NAME}'`,
    );
    return rows.map(({ pid }) => pid);
  }

  /** Ends the service's connections, and resolves when they are gone. */
  async terminateBackends(): Promise<void> {
    await this.database.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '${NAME}'`);
  }

  /** Sets what PostgreSQL has for every new connection of the service, whose present ones end. */
  async alter(change: string): Promise<void> {
    await this.database.query(`ALTER DATABASE ${NAME} ${change}`);
    await this.terminateBackends();
  }

  async remove(): Promise<void> {
    await this.database.drop();
    await this.stopAtOnce();
    this.keepAtExit();
  }

  private get account() {
    return this.files.account;
  }
}

async function portOf(files: Files, wanted: number): Promise<number> {
  const port = await bringUp(files, wanted, true);
  if (!port || (wanted && port !== wanted)) throw new Error(`PostgreSQL did not come up on port ${wanted}`);
  return port;
}

function databaseAt(url: string): TestDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 3, allowExitOnIdle: true });
  pool.on('error', () => undefined); // it is stopped on purpose
  return {
    url,
    query: async <Row extends pg.QueryResultRow>(sql: string, params: unknown[] = []) =>
      (await pool.query<Row>(sql, params)).rows,
    drop: () => pool.end(),
  };
}
