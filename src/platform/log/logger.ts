import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Level, type Logger, pino, stdTimeFunctions } from 'pino';
import { plainLines } from './plain-lines.js';

export interface LoggerSettings {
  level: Level | 'silent';
  /** Lines for people instead of JSON; for a terminal, not for production. */
  pretty?: boolean;
  /** Where the lines go; standard output if not given. */
  destination?: DestinationStream;
}

/** One JSON object per line; escapes make it impossible that anything logged looks like a line of its own. */
export function createLogger({ level, pretty = false, destination = process.stdout }: LoggerSettings): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pino(options, pretty ? plainLines(destination) : destination);
}

/** Nest's own messages, in the service's log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log = (message: unknown, ...rest: unknown[]): void => this.write('debug', message, rest);
  debug = (message: unknown, ...rest: unknown[]): void => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]): void => this.write('trace', message, rest);
  warn = (message: unknown, ...rest: unknown[]): void => this.write('warn', message, rest);
  error = (message: unknown, ...rest: unknown[]): void => this.write('error', message, rest);
  fatal = (message: unknown, ...rest: unknown[]): void => this.write('fatal', message, rest);

  /** Nest ends its arguments with the name of the class that speaks, after a stack if there is one. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const texts = rest.filter((part) => typeof part === 'string');
    const context = texts.at(-1);
    const stack = texts.length > 1 ? texts[0] : message instanceof Error ? message.stack : undefined;
    this.logger[level]({ context, stack }, message instanceof Error ? message.message : String(message));
  }
}
