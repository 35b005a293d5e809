import { types } from 'node:util';
import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';

/** SQLSTATE classes and codes that do not depend on the request: the database cannot serve it now. */
const CLASSES = new Set(['08', '53', '57', '58', 'XX']);
const CONFLICTS = [
  '40001', // serialization failure
  '40P01', // deadlock
];
const IDLE_SESSION_TIMEOUT = '57P05';
const CODES = new Set([
  '25006', // read-only: a standby, or a full disk
  '25P03', // idle in transaction for too long
  ...CONFLICTS,
  '55P03', // a lock was not granted in time
  '3D000', // the database does not exist (yet)
  '28000', // not allowed to connect
  '28P01', // wrong password: an operator's mistake, not the caller's
]);
/** While connecting, only the network, the server or local limits (`EMFILE`) can fail, with many different codes. */
const CONNECTING = new Set(['connect', 'getaddrinfo']);
/** Errors on an established connection. */
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
/** TLS failures, such as an expired certificate: also an operator's mistake. */
const TLS = /^(CERT_|DEPTH_ZERO_|ERR_SSL_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_)/;
/** Errors of the driver and its pool that have no code, by the start of their message. */
const MESSAGES = [
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'Received unexpected',
  'SASL', // no password, or an unsupported authentication method
  'The server does not support SSL connections',
  'There was an error establishing an SSL connection',
  // During shutdown.
  'Cannot use a pool after calling end',
  'Driver not Connected',
];

/** Errors of TypeORM if the connection was lost between two statements of a transaction. */
const LOST = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/** The SQLSTATE of an error of the driver, also if TypeORM wrapped it. */
export function sqlState(error: unknown): string | undefined {
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (!types.isNativeError(source) || !('code' in source) || typeof source.code !== 'string') return undefined;
  // A SQLSTATE contains a digit, unlike EPIPE and other system codes.
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(source.code) ? source.code : undefined;
}

/** True for a conflict with other transactions. PostgreSQL has rolled back the whole transaction, or the single statement. */
export function isConflict(error: unknown): boolean {
  return CONFLICTS.includes(sqlState(error) ?? '');
}

/** True if PostgreSQL closed the connection because it was idle. It has not processed what was sent meanwhile. */
export function isUnbegun(error: unknown): boolean {
  return sqlState(error) === IDLE_SESSION_TIMEOUT;
}

/** True if the database could not serve the request, whatever the request was. The response is then 503, not 500. */
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

/**
 * A host name with several addresses fails with one error per address. Checked by shape, because the error's class may come from
 * another realm.
 */
function partsOf(error: unknown): unknown[] | null {
  return types.isNativeError(error) && 'errors' in error && Array.isArray(error.errors) ? error.errors : null;
}

/** Kinds of trouble, for metrics. Whatever is not listed below is a problem of the server. */
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

/** @param error one that `isDatabaseTrouble` accepts */
export function troubleKind(error: unknown): (typeof TROUBLE_KINDS)[number] {
  const state = sqlState(error);
  if (state) return KINDS[state] ?? (state.startsWith('08') ? 'connection' : 'server');
  const message = error instanceof Error ? error.message : '';
  return /time ?out/i.test(message) ? 'timeout' : 'connection';
}
