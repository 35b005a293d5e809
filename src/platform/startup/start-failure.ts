import { BadSettings } from '../config/checked-settings.js';
import { SessionLimitsMissing } from '../database/connections/session-limits.js';
import { isDatabaseTrouble, sqlState } from '../database/trouble.js';
import { EmbeddedPostgresUnavailable } from '../embedded-postgres/unavailable.js';
import { CommandRefused } from '../errors.js';
import { failureRecord } from '../log/failure-record.js';
import { DataFolderUnusable } from '../secrets/local-secret.js';
import { SecretMissing } from '../secrets/secret-ring.value.js';

const FOR_THE_OPERATOR = [
  CommandRefused,
  BadSettings,
  SecretMissing,
  SessionLimitsMissing,
  DataFolderUnusable,
  EmbeddedPostgresUnavailable,
];

const DATABASE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no server is listening there',
  ENOTFOUND: 'the host does not exist',
  '28P01': 'wrong user or password',
  '28000': 'the user is not allowed to connect from here',
  '3D000': 'the database does not exist',
};

const INSUFFICIENT_PRIVILEGE = '42501';

const RIGHTS_MISSING =
  `The role in DATABASE_URL lacks a privilege (${INSUFFICIENT_PRIVILEGE}). Make it the owner of the database, or run:\n` +
  '  GRANT CREATE ON SCHEMA public TO the_role;\n  GRANT CREATE ON DATABASE the_database TO the_role;';

/** Errors of the driver without a code whose message helps the operator. None of them contains parts of the URL. */
const SAID = /^(SASL|The server does not support SSL|There was an error establishing an SSL)/;

/** @returns why the process cannot start, for the operator. Errors made for operators keep their message. */
export function failureText(error: unknown): string {
  if (error instanceof Error && FOR_THE_OPERATOR.some((kind) => error instanceof kind)) return error.message;
  const { code, syscall, port, message } = firstOf(error);
  if (syscall === 'listen') return listening(code, port);
  if (sqlState(error) === INSUFFICIENT_PRIVILEGE) return RIGHTS_MISSING;
  if (isDatabaseTrouble(error)) {
    const inWords = SAID.test(message) ? message : 'it did not answer in time';
    const known = code === undefined ? inWords : [code, DATABASE[code]].filter(Boolean).join(': ');
    return `Cannot use the database in DATABASE_URL (${known}).`;
  }
  return JSON.stringify(failureRecord(error), null, 2);
}

function listening(code?: string, port?: number): string {
  if (code === 'EADDRINUSE') return `Port ${port} is already in use. Set PORT or METRICS_PORT to a free port.`;
  if (code === 'EACCES')
    return `This user is not allowed to listen on port ${port}. Set PORT or METRICS_PORT to 1024 or more.`;
  return `Cannot open port ${port} (${code}). HOST and METRICS_HOST must be IP addresses of this machine.`;
}

/** A host name with several addresses fails with one error per address. */
function firstOf(error: unknown): NodeJS.ErrnoException & { port?: number } {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first : new Error();
}
