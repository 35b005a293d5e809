import path from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Environment } from '../config/environment.js';
import { isLoopback } from '../config/formats.js';
import { misspeltNames, misspeltText } from '../config/misspelt.js';
import { failureRecord } from '../log/failure-record.js';
import { failureText } from './start-failure.js';

/** Where the service can be reached, and what it stands on. */
export interface Started {
  url: string;
  embedded: boolean;
  /** Where its metrics are, if anywhere. */
  metrics: string | undefined;
}

/** A line of the log in production, and elsewhere a few plain ones for whoever started the service in a terminal. */
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

/** On this machine the issuer's own name: from another one its cookies are refused, and guards do not take it for the issuer. */
function addressForPeople(url: string, issuer: string): string {
  const sameDoor = isLoopback(url) && isLoopback(issuer) && new URL(url).port === new URL(issuer).port;
  return sameDoor ? issuer : url;
}

/** Whoever misspells a setting has its default, and would look for the reason elsewhere. */
export function warnOfMisspelt(environment: Environment, logger: Logger): void {
  for (const misspelt of misspeltNames(environment)) logger.warn(misspelt, misspeltText(misspelt));
}

/** Ends the process with 1 on an error that nothing caught. Node itself would print it whole, parameters of statements included. */
export function logCrashes(logger: Logger): void {
  process.on('uncaughtException', (error) => {
    logger.fatal({ error: failureRecord(error) }, 'crashed');
    process.exit(1);
  });
}

/** What a command did, on standard output. */
export function say(lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}

/** Says plainly why the start failed, and ends the process: 1. */
export function refuseToStart(error: unknown): never {
  return end('The auth service did not start.', error);
}

/** Says plainly why a command did not succeed, and ends the process: 1. */
export function refuseCommand(error: unknown): never {
  return end('The command failed.', error);
}

function end(what: string, error: unknown): never {
  console.error(`\n${what}\n${failureText(error)}\n`);
  process.exit(1);
}
