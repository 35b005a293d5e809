import path from 'node:path';
import type { Logger } from 'pino';
import { BadSettings, type Config } from './config/config.js';
import { SessionLimitsMissing } from './database/session-limits.js';
import { isDatabaseTrouble } from './database/trouble.js';
import { EmbeddedPostgresUnavailable } from './embedded-postgres/unavailable.js';
import { CommandRefused } from './errors.js';
import { failureRecord } from './failure-record.js';
import { SecretMissing } from './secrets/secret-ring.value.js';

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
  const lines = [
    ['API', url],
    ['Docs', `${url}/docs`],
    ['Mail', config.smtp ? 'by SMTP_URL' : `${url}/dev/mailbox`],
    ['Data', data],
    ...(metrics ? [['Metrics', metrics]] : []),
  ];
  const width = metrics ? 9 : 6;
  console.log(
    `\n  The auth service is up.\n${lines.map(([what = '', where = '']) => `    ${what.padEnd(width)}${where}`).join('\n')}\n`,
  );
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

/** Says plainly why the start failed, and ends the process: 1. Errors made for an operator speak for themselves. */
export function refuseToStart(error: unknown): never {
  return end('The auth service did not start.', error);
}

/** Says plainly why a command did not succeed, and ends the process: 1. */
export function refuseCommand(error: unknown): never {
  return end('The command did not succeed.', error);
}

function end(what: string, error: unknown): never {
  console.error(`\n${what}\n${reason(error)}\n`);
  process.exit(1);
}

const FOR_THE_OPERATOR = [
  CommandRefused,
  BadSettings,
  SecretMissing,
  SessionLimitsMissing,
  EmbeddedPostgresUnavailable,
];

function reason(error: unknown): string {
  if (error instanceof Error && FOR_THE_OPERATOR.some((kind) => error instanceof kind)) return error.message;
  const code = codeOf(error);
  if (code === 'EADDRINUSE') return 'Another program listens on this HOST and PORT already. Set PORT to a free one.';
  if (isDatabaseTrouble(error))
    return `The database cannot be used as DATABASE_URL says (${code ?? 'no answer in time'}).`;
  return JSON.stringify(failureRecord(error), null, 2);
}

/** What the system or the server calls the failure; a name with more than one address fails once for each. */
function codeOf(error: unknown): string | undefined {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : undefined;
}
