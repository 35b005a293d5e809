import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openCluster, type Cluster } from './cluster.js';
import { isPassing, urlOf } from './connection.js';
import { bringUp, lastWords, portOfRunning, shutDown, stopAtExit } from './server.js';
import { Tenancy } from './tenancy.js';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

export interface EmbeddedPostgresOptions {
  /** The folder that holds the cluster and nothing else; made if need be. */
  dataDir: string;
  /** Made if it is not there. */
  database: string;
  /** Default 54329; any free one when it is in use. 0 takes any. */
  port?: number;
  /** Trades the safety of the data for speed; for tests only. */
  unsafeFast?: boolean;
}

/** A real PostgreSQL of the project's own, run from the programs in an npm package. */
export interface EmbeddedPostgres {
  /** With the superuser's password in it: not for the log. */
  url: string;
  /** Where the data really are: in `dataDir`, or, as root in a closed folder, where a link in `dataDir` leads. */
  clusterDir: string;
  /** It was running already: another process uses it, or one was killed. */
  reused: boolean;
  /**
   * From now on a server that was killed is started again, under the same URL and with what it had acknowledged.
   * @param tell is called when the server has gone; it is back, or will not be, when the promise is settled
   */
  keepUp(tell: (revival: Promise<void>) => void): void;
  /** Stops the server unless another process still uses it. May be called again. */
  stop(): Promise<void>;
}

const defaultPort = 54329;
const attempts = 5;

/**
 * Starts a PostgreSQL on 127.0.0.1, or finds the one that already serves this folder, also after kill -9 of this process,
 * of the server, or of both. It hooks no signals: whoever does calls `stop()`. `process.exit()` takes a server that was
 * started here with it; a killed process leaves it running, and the next start takes it over.
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

/** From the first entry to the end, through as many lives of the server as it takes. */
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

/** Other starts and stops may be under way on the same folder: whatever fails because of them is tried again. */
async function enter(cluster: Cluster, options: EmbeddedPostgresOptions): Promise<Entered> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const running = await portOfRunning(cluster);
    // A server that was found running may be somebody else's home: it stays when this process ends.
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
