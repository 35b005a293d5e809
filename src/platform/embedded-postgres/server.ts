import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../free-port.js';
import type { Cluster } from './cluster.js';
import { connect, isPassing } from './connection.js';
import { dropStalePidFile, postmasterOf } from './postmaster.js';
import { exitCodeOf, runAtExit } from './programs.js';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

const patienceMs = 60_000;

/**
 * The port of a server that already runs on the cluster, or null. A killed process may have left it, or another one started it.
 */
export async function portOfRunning(cluster: Cluster): Promise<number | null> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const postmaster = await postmasterOf(cluster.data);
    if (!postmaster) return null;
    try {
      await (await connect(cluster, postmaster.port)).end();
      return postmaster.port;
    } catch (error) {
      if (!isPassing(error) || Date.now() > deadline) throw unreachable(cluster, postmaster.pid, error);
    }
    await pause(50);
  }
}

function unreachable(cluster: Cluster, pid: number, error: unknown): EmbeddedPostgresUnavailable {
  const said = error instanceof Error ? error.message : String(error);
  return new EmbeddedPostgresUnavailable(
    `a server (process ${pid}) is already running on ${cluster.dir} but refuses connections: ${said}.`,
    'Stop that process, or set DATABASE_URL to use your own PostgreSQL.',
  );
}

/**
 * Starts the server on 127.0.0.1 only, in its own process group, so that Ctrl-C in the terminal does not reach it.
 *
 * @param wantedPort if it is in use, or 0, a free one is taken
 * @returns the port, or null if the server did not start, for example because another process started it first
 */
export async function bringUp(cluster: Cluster, wantedPort: number, unsafeFast: boolean): Promise<number | null> {
  await dropStalePidFile(cluster.data);
  const port = await freePort(wantedPort, '127.0.0.1');
  const settings = [`-p ${port}`, '-c listen_addresses=127.0.0.1', '-c unix_socket_directories='];
  if (unsafeFast) settings.push('-c fsync=off', '-c synchronous_commit=off', '-c full_page_writes=off');
  const args = ['start', '-w', '-t', '60', '-D', cluster.data, '-l', cluster.log, '-o', settings.join(' ')];
  return (await exitCodeOf(cluster.binaries.pgCtl, args, cluster.account)) === 0 ? port : null;
}

/** Ends all sessions and stops the server. Does nothing if the server is gone already. */
export async function shutDown(cluster: Cluster): Promise<void> {
  const args = ['stop', '-w', '-t', '30', '-m', 'fast', '-D', cluster.data];
  const code = await exitCodeOf(cluster.binaries.pgCtl, args, cluster.account);
  if (code !== 0 && (await postmasterOf(cluster.data))) {
    throw new Error(`The embedded PostgreSQL did not stop within 30 s. See its log: ${cluster.log}.`);
  }
}

/** Stops the server when this process calls process.exit(), without waiting. @returns a function that cancels this */
export function stopAtExit(cluster: Cluster): () => void {
  const stop = (): void =>
    runAtExit(cluster.binaries.pgCtl, ['stop', '-W', '-m', 'fast', '-D', cluster.data], cluster.account);
  process.once('exit', stop);
  return () => process.removeListener('exit', stop);
}

/** The last error in the server's log. */
export async function lastWords(cluster: Cluster): Promise<string> {
  const log = await readFile(cluster.log, 'utf8').catch(() => '');
  const fatal = log.split('\n').filter((line) => /FATAL|PANIC|could not/.test(line));
  return fatal.at(-1) ?? `nothing (its log is ${cluster.log})`;
}
