import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { failureRecord } from '../../log/failure-record.js';
import { beginDraining } from './draining.js';
import { endLongAnswers } from './long-answers.js';
import { closeSilentConnections } from './silent-connections.js';

const SWEEP_MS = 100;
/** Requests get this long to finish; their connections are cut after it, so that the rest of the limit is for closing down. */
const DRAIN_MS = 8_000;
const LIMIT_MS = 10_000;

/**
 * Stops accepting, lets what is under way be answered, and only then closes the modules, whose database those requests
 * need. Node closes a kept-alive connection only when its time is up, hence the sweep.
 * @param drainMillis after it connections are cut
 * @returns whether one was
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
    // Its error says only that the server was not listening.
    await new Promise<void>((resolve) => server.close(() => resolve()));
    clearTimeout(cut);
    await app.close();
    return wasCut;
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}

/** The part of `process` that a shutdown needs. */
export interface SignalledProcess {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

export interface SignalOptions {
  logger: Logger;
  /** How long after SIGTERM requests are accepted while the service says that it is not ready. */
  delayMillis?: number;
  /** Runs when the app is closed, such as stopping the embedded database. */
  afterClose?: () => Promise<void>;
  process?: SignalledProcess;
  /** All of it ends within this. */
  limitMillis?: number;
}

/**
 * SIGTERM and SIGINT end the process: 0 when all closed or the limit of 10 s has passed, 1 when closing failed. A second one
 * is heard and ignored: unheard it would kill at once, and Ctrl-C under npm sends two, the terminal's and npm's own.
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

/** A person who presses Ctrl-C does not wait for a balancer. */
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
