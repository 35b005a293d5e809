import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { endLongAnswers } from './long-answers.js';
import { closeSilentConnections } from './silent-connections.js';

const SWEEP_MS = 100;
/** Requests get this long to finish; their connections are cut after it, so that the rest of the limit is for closing down. */
const DRAIN_MS = 8_000;
const LIMIT_MS = 10_000;

/**
 * Stops accepting, lets what is under way be answered, and only then closes the modules, whose database those requests
 * need. Node closes a kept-alive connection only when its time is up, hence the sweep.
 */
export async function closeGracefully(app: NestFastifyApplication): Promise<void> {
  const server: Server = app.getHttpServer();
  const sweep = setInterval(() => {
    endLongAnswers(server);
    server.closeIdleConnections();
    closeSilentConnections(server);
  }, SWEEP_MS);
  endLongAnswers(server);
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  try {
    // Its error says only that the server was not listening.
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await app.close();
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
  /** Runs when the app is closed, such as stopping the embedded database. */
  afterClose?: () => Promise<void>;
  process?: SignalledProcess;
}

/**
 * SIGTERM and SIGINT end the process: 0 when all closed or the limit of 10 s has passed, 1 when closing failed. A second one
 * is heard and ignored: unheard it would kill at once, and Ctrl-C under npm sends two, the terminal's and npm's own.
 */
export function onSignals(app: NestFastifyApplication, options: SignalOptions = {}): void {
  const { afterClose, process: target = process } = options;
  let closing = false;
  const close = async (): Promise<void> => {
    if (closing) return;
    closing = true;
    setTimeout(() => target.exit(0), LIMIT_MS).unref();
    try {
      await closeGracefully(app);
      await afterClose?.();
      target.exit(0);
    } catch {
      target.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) target.on(signal, () => void close());
}
