import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { failureRecord } from '../../log/failure-record.js';
import { beginDraining } from './draining.js';
import { endLongAnswers } from './long-answers.js';
import { closeSilentConnections } from './silent-connections.js';

const SWEEP_MS = 100;
/**
 * Time for requests to finish. After it their connections are closed, which leaves the rest of the limit for closing the
 * modules.
 */
const DRAIN_MS = 8_000;
const LIMIT_MS = 10_000;

/**
 * Stops accepting connections, waits for the requests in progress, and then closes the modules that those requests need. Idle
 * keep-alive connections are closed repeatedly, because Node would wait for their timeout.
 * @param drainMillis after this time the remaining connections are closed
 * @returns true if any connection was closed that way
 */
export async function closeGracefully(app: NestFastifyApplication, drainMillis = DRAIN_MS): Promise<boolean> {
  const server: Server = app.getHttpServer();
  beginDraining(server);
  const sweep = setInterval(() => {
    endLongAnswers(server);
    server.closeIdleConnections();
    closeSilentConnections(server);
  }, SWEEP_MS);
  endLongAnswers(server);
  let wasCut = false;
  const cut = setTimeout(() => {
    wasCut = true;
    server.closeAllConnections();
  }, drainMillis);
  try {
    // The only possible error is that the server was not listening.
    await new Promise<void>((resolve) => server.close(() => resolve()));
    clearTimeout(cut);
    await app.close();
    return wasCut;
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}

/** The part of `process` that is used; tests replace it. */
export interface SignalledProcess {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

export interface SignalOptions {
  logger: Logger;
  /** How long after SIGTERM requests are still accepted while the service reports that it is not ready. */
  delayMillis?: number;
  /** Runs after the app is closed, for example to stop the embedded database. */
  afterClose?: () => Promise<void>;
  process?: SignalledProcess;
  /** The limit of the whole shutdown. */
  limitMillis?: number;
}

/**
 * Ends the process on SIGTERM and SIGINT, with exit code 0 after the shutdown or after the limit of 10 s, and 1 if closing
 * fails. Further signals are ignored: without a handler they would kill the process at once, and Ctrl-C under npm sends two, one
 * from the terminal and one from npm.
 */
export function onSignals(app: NestFastifyApplication, options: SignalOptions): void {
  const { logger, process: target = process, limitMillis = LIMIT_MS } = options;
  let closing = false;
  const close = async (signal: 'SIGTERM' | 'SIGINT'): Promise<void> => {
    if (closing) return;
    closing = true;
    setTimeout(() => {
      logger.error({ limitMillis }, 'shutdown took too long');
      target.exit(0);
    }, limitMillis).unref();
    try {
      await shutDown(app, signal, options);
      target.exit(0);
    } catch (error) {
      logger.error({ error: failureRecord(error) }, 'shutdown failed');
      target.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) target.on(signal, () => void close(signal));
}

/** SIGINT skips the delay, which is for load balancers. */
async function shutDown(
  app: NestFastifyApplication,
  signal: 'SIGTERM' | 'SIGINT',
  { logger, delayMillis: wanted = 0, afterClose }: SignalOptions,
): Promise<void> {
  const delayMillis = signal === 'SIGTERM' ? wanted : 0;
  logger.info({ signal, delayMillis }, 'shutting down');
  beginDraining(app.getHttpServer());
  if (delayMillis > 0) await pause(delayMillis);
  const wasCut = await closeGracefully(app, DRAIN_MS - delayMillis);
  if (wasCut) logger.warn({}, 'closed connections whose requests took too long');
  await afterClose?.();
  logger.info({}, 'shut down');
}
