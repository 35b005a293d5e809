import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Level, type Logger, pino, stdTimeFunctions } from 'pino';
import { plainLines } from './plain-lines.js';

export interface LoggerSettings {
  level: Level | 'silent';
  /** Readable lines instead of JSON, for terminals. */
  pretty?: boolean;
  /** The default is standard output. */
  destination?: DestinationStream;
}

/** Logs one JSON object per line. JSON escapes newlines, so logged input cannot forge a line. */
export function createLogger({ level, pretty = false, destination = process.stdout }: LoggerSettings): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pino(options, pretty ? plainLines(destination) : destination);
}

/** Writes Nest's own messages to the service's log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log = (message: unknown, ...rest: unknown[]): void => this.write('debug', message, rest);
  debug = (message: unknown, ...rest: unknown[]): void => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]): void => this.write('trace', message, rest);
  warn = (message: unknown, ...rest: unknown[]): void => this.write('warn', message, rest);
  error = (message: unknown, ...rest: unknown[]): void => this.write('error', message, rest);
  fatal = (message: unknown, ...rest: unknown[]): void => this.write('fatal', message, rest);

  /** Nest passes the context (a class name) as the last argument, after a stack if there is one. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const texts = rest.filter((part) => typeof part === 'string');
    const context = texts.at(-1);
    const stack = texts.length > 1 ? texts[0] : message instanceof Error ? message.stack : undefined;
    this.logger[level]({ context, stack }, message instanceof Error ? message.message : String(message));
  }
}
