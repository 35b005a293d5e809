import { QueryFailedError } from 'typeorm';

/** SQLSTATE classes and codes that say nothing about the request, only that the database cannot serve it now. */
const CLASSES = new Set(['08', '53', '57', '58', 'XX']);
const CODES = new Set([
  '25006', // read-only: a standby, or a disk that ran full
  '25P03', // idle in transaction for too long
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // a lock was not granted in time
  '3D000', // the database does not exist (yet)
  '28000', // not allowed to connect
  '28P01', // wrong password: an operator's mistake, not the caller's
]);
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);
/** What the driver and its pool say without any code. */
const MESSAGES =
  /^(Query read timeout|timeout (exceeded when trying to connect|expired)|Connection terminated|Client has encountered a connection error|Client was closed|Driver not Connected)/;

/** The SQLSTATE of a driver's error, wrapped by TypeORM or not. */
export function sqlState(error: unknown): string | undefined {
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (!(source instanceof Error) || !('code' in source) || typeof source.code !== 'string') return undefined;
  return /^[0-9A-Z]{5}$/.test(source.code) ? source.code : undefined;
}

/** True when the database could not do its work, whatever the request was: the answer is 503, not 500. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseTrouble);
  const state = sqlState(error);
  if (state) return CODES.has(state) || CLASSES.has(state.slice(0, 2));
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (!(source instanceof Error)) return false;
  const code = 'code' in source && typeof source.code === 'string' ? source.code : '';
  return NETWORK.has(code) || MESSAGES.test(source.message);
}
