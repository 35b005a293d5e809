import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openCluster, type Cluster } from './cluster.js';
import { isPassing, urlOf } from './connection.js';
import { bringUp, lastWords, portOfRunning, shutDown, stopAtExit } from './server.js';
import { Tenancy } from './tenancy.js';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

export interface EmbeddedPostgresOptions {
  /** The folder of the cluster. It must hold nothing else; it is created if missing. */
  dataDir: string;
  /** Created if missing. */
  database: string;
  /** The default is 54329. If the port is in use, or 0, a free one is taken. */
  port?: number;
  /** Skips fsync, so a crash may lose data. For tests only. */
  unsafeFast?: boolean;
}

/** A running PostgreSQL whose programs come from an npm package. */
export interface EmbeddedPostgres {
  /** Contains the superuser's password: do not log it. */
  url: string;
  /** The real path of the data. If `dataDir` is closed to the borrowed account, `dataDir` holds a link to it. */
  clusterDir: string;
  /** True if the server was already running: another process uses it, or one was killed. */
  reused: boolean;
  /**
   * Restarts the server from now on if it is killed, under the same URL and without losing committed data.
   * @param tell called when the server has gone. The promise resolves when it is back, and rejects if it cannot come back
   */
  keepUp(tell: (revival: Promise<void>) => void): void;
  /** Stops the server unless another process still uses it. Idempotent. */
  stop(): Promise<void>;
}

const defaultPort = 54329;
const attempts = 5;

/**
 * Starts PostgreSQL on 127.0.0.1, or connects to the server that already runs in this folder, even after a kill -9 of this
 * process, the server, or both. It handles no signals: the caller must call `stop()`. `process.exit()` stops a server that this
 * process started. If this process is killed, the server keeps running and the next start uses it.
 *
 * @throws EmbeddedPostgresUnavailable saying what is wrong and what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(path.resolve(options.dataDir), options.unsafeFast ?? false);
  const first = await enter(cluster, options);
  const stay = new Stay(cluster, first, { ...options, port: first.port });
  try {
    await first.tenancy.makeDatabase(options.database);
  } catch (error) {
    await stay.end();
    throw error;
  }
  first.tenancy.rest();
  return {
    url: urlOf(cluster, first.port, options.database),
    clusterDir: cluster.dir,
    reused: first.reused,
    keepUp: (tell) => stay.keepUp(tell),
    stop: () => stay.end(),
  };
}

/** This process's use of the server, across restarts of the server. */
class Stay {
  private ending: Promise<void> | undefined;
  private revival: Promise<void> = Promise.resolve();

  constructor(
    private readonly cluster: Cluster,
    private current: Entered,
    private readonly options: EmbeddedPostgresOptions & { port: number },
  ) {}

  keepUp(tell: (revival: Promise<void>) => void): void {
    this.current.tenancy.whenEnded(() => {
      if (this.ending) return;
      this.revival = this.revive().then(() => this.keepUp(tell));
      tell(this.revival);
    });
  }

  end(): Promise<void> {
    return (this.ending ??= this.moveOut());
  }

  private async revive(): Promise<void> {
    this.current.keepAtExit();
    this.current = await enter(this.cluster, this.options);
    this.current.tenancy.rest();
    if (this.current.port !== this.options.port) {
      throw new EmbeddedPostgresUnavailable(`its port ${this.options.port} is used by another program.`);
    }
  }

  private async moveOut(): Promise<void> {
    await this.revival.catch(() => undefined);
    const { tenancy, keepAtExit } = this.current;
    await tenancy.moveOut(() => shutDown(this.cluster)).finally(keepAtExit);
  }
}

interface Entered {
  port: number;
  reused: boolean;
  tenancy: Tenancy;
  keepAtExit: () => void;
}

/** Other processes may start or stop the same server at the same time, so temporary failures are retried. */
async function enter(cluster: Cluster, options: EmbeddedPostgresOptions): Promise<Entered> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const running = await portOfRunning(cluster);
    // A server that this process did not start may be in use by another one, so it is not stopped at exit.
    const keepAtExit = running === null ? stopAtExit(cluster) : () => undefined;
    const port = running ?? (await bringUp(cluster, options.port ?? defaultPort, options.unsafeFast ?? false));
    const tenancy = port && (await moveIn(cluster, port));
    if (port && tenancy) return { port, reused: running !== null, tenancy, keepAtExit };
    keepAtExit();
    await pause(200);
  }
  throw new EmbeddedPostgresUnavailable(`the server said: ${await lastWords(cluster)}.`);
}

async function moveIn(cluster: Cluster, port: number): Promise<Tenancy | null> {
  try {
    return await Tenancy.moveIn(cluster, port);
  } catch (error) {
    if (isPassing(error)) return null;
    throw error;
  }
}
