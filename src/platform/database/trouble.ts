import { types } from 'node:util';
import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';

/** SQLSTATE classes and codes that say nothing about the request, only that the database cannot serve it now. */
const CLASSES = new Set(['08', '53', '57', '58', 'XX']);
const CONFLICTS = [
  '40001', // serialization failure
  '40P01', // deadlock
];
const IDLE_SESSION_TIMEOUT = '57P05';
const CODES = new Set([
  '25006', // read-only: a standby, or a disk that ran full
  '25P03', // idle in transaction for too long
  ...CONFLICTS,
  '55P03', // a lock was not granted in time
  '3D000', // the database does not exist (yet)
  '28000', // not allowed to connect
  '28P01', // wrong password: an operator's mistake, not the caller's
]);
/** While a connection is made nothing but the network, the server or our own limits (`EMFILE`) can fail, by many codes. */
const CONNECTING = new Set(['connect', 'getaddrinfo']);
/** On a connection that stood. */
const BROKEN = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTCONN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
]);
/** TLS that is not to be had, such as a certificate that ran out: an operator's mistake, too. */
const TLS = /^(CERT_|DEPTH_ZERO_|ERR_SSL_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_)/;
/** What the driver and its pool say without any code, each by its beginning. */
const MESSAGES = [
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'Received unexpected',
  'SASL', // no password, or a server that asks in a way nobody knows
  'The server does not support SSL connections',
  'There was an error establishing an SSL connection',
  // The service is ending.
  'Cannot use a pool after calling end',
  'Driver not Connected',
];

/** What TypeORM says when the connection was lost between two statements of a transaction. */
const LOST = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/** The SQLSTATE of a driver's error, wrapped by TypeORM or not. */
export function sqlState(error: unknown): string | undefined {
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (!types.isNativeError(source) || !('code' in source) || typeof source.code !== 'string') return undefined;
  // With a digit in it: EPIPE and its like are the system's.
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(source.code) ? source.code : undefined;
}

/** True when others were in the way. PostgreSQL has undone the whole transaction, or the one statement: nothing of it is left. */
export function isConflict(error: unknown): boolean {
  return CONFLICTS.includes(sqlState(error) ?? '');
}

/** True when PostgreSQL ended the connection because nobody had used it: what was sent meanwhile, it has not looked at. */
export function isUnbegun(error: unknown): boolean {
  return sqlState(error) === IDLE_SESSION_TIMEOUT;
}

/** True when the database could not do its work, whatever the request was: the answer is 503, not 500. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (LOST.some((kind) => error instanceof kind)) return true;
  const parts = partsOf(error);
  if (parts) return parts.some(isDatabaseTrouble);
  const state = sqlState(error);
  if (state) return CODES.has(state) || CLASSES.has(state.slice(0, 2));
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (!types.isNativeError(source)) return false;
  const { code = '', syscall = '' }: NodeJS.ErrnoException = source;
  return CONNECTING.has(syscall) || BROKEN.has(code) || TLS.test(code) || isKnown(source.message);
}

function isKnown(message: string): boolean {
  return MESSAGES.some((beginning) => message.startsWith(beginning));
}

/** A name with more than one address fails once for each. Whatever context the error comes from: by its shape, not its class. */
function partsOf(error: unknown): unknown[] | null {
  return types.isNativeError(error) && 'errors' in error && Array.isArray(error.errors) ? error.errors : null;
}

/** Of what kind a trouble is, for counting; what is not listed is the server's own. */
export const TROUBLE_KINDS = ['connection', 'timeout', 'conflict', 'read_only', 'refused', 'server'] as const;

const KINDS: Readonly<Record<string, (typeof TROUBLE_KINDS)[number]>> = {
  '25006': 'read_only',
  '25P03': 'timeout',
  '40001': 'conflict',
  '40P01': 'conflict',
  '55P03': 'timeout',
  '57014': 'timeout',
  '3D000': 'refused',
  '28000': 'refused',
  '28P01': 'refused',
};

/** @param error is one of `isDatabaseTrouble` */
export function troubleKind(error: unknown): (typeof TROUBLE_KINDS)[number] {
  const state = sqlState(error);
  if (state) return KINDS[state] ?? (state.startsWith('08') ? 'connection' : 'server');
  const message = error instanceof Error ? error.message : '';
  return /time ?out/i.test(message) ? 'timeout' : 'connection';
}
