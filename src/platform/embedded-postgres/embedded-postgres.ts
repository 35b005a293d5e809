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
  const { port, reused, tenancy, keepAtExit } = await enter(cluster, options);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= tenancy.moveOut(() => shutDown(cluster)).finally(keepAtExit));
  try {
    await tenancy.makeDatabase(options.database);
  } catch (error) {
    await stop();
    throw error;
  }
  tenancy.rest();
  return { url: urlOf(cluster, port, options.database), clusterDir: cluster.dir, reused, stop };
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
