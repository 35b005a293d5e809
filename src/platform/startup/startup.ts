import path from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Environment } from '../config/environment.js';
import { isLoopback } from '../config/formats.js';
import { misspeltNames, misspeltText } from '../config/misspelt.js';
import { failureRecord } from '../log/failure-record.js';
import { failureText } from './start-failure.js';

/** What the greeting reports. */
export interface Started {
  url: string;
  embedded: boolean;
  /** The URL of the metrics, if they are served. */
  metrics: string | undefined;
}

/** Logs a line in production; otherwise prints the URLs for a person at a terminal. */
export function greet(config: Config, logger: Logger, { url, embedded, metrics }: Started): void {
  if (config.production) return logger.info({ url, metrics }, `listening on ${url}`);
  const data = embedded ? `${path.resolve(config.dataDir)} (embedded PostgreSQL)` : 'the PostgreSQL at DATABASE_URL';
  const address = addressForPeople(url, config.issuerUrl);
  const lines = [
    ['API', address],
    ['Docs', `${address}/docs`],
    ['Mail', config.smtp ? 'sent by the server in SMTP_URL' : `${address}/dev/mailbox`],
    ['Data', data],
    ...(metrics ? [['Metrics', metrics]] : []),
  ];
  const width = metrics ? 9 : 6;
  console.log(
    `\n  The auth service is running.\n${lines.map(([what = '', where = '']) => `    ${what.padEnd(width)}${where}`).join('\n')}\n`,
  );
}

/** Prefers the issuer's host name on loopback: under another name, cookies are refused and guards do not accept the issuer. */
function addressForPeople(url: string, issuer: string): string {
  const sameDoor = isLoopback(url) && isLoopback(issuer) && new URL(url).port === new URL(issuer).port;
  return sameDoor ? issuer : url;
}

/** A misspelt setting keeps its default, and the cause is hard to find. */
export function warnOfMisspelt(environment: Environment, logger: Logger): void {
  for (const misspelt of misspeltNames(environment)) logger.warn(misspelt, misspeltText(misspelt));
}

/** Exits with code 1 on an uncaught error. Node itself would print the whole error, including parameters of statements. */
export function logCrashes(logger: Logger): void {
  process.on('uncaughtException', (error) => {
    logger.fatal({ error: failureRecord(error) }, 'crashed');
    process.exit(1);
  });
}

/** Prints a command's result to standard output. */
export function say(lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}

/** Prints why the start failed, and exits with code 1. */
export function refuseToStart(error: unknown): never {
  return end('The auth service did not start.', error);
}

/** Prints why a command failed, and exits with code 1. */
export function refuseCommand(error: unknown): never {
  return end('The command failed.', error);
}

function end(what: string, error: unknown): never {
  console.error(`\n${what}\n${failureText(error)}\n`);
  process.exit(1);
}
