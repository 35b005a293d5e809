import type { Logger } from 'pino';
import type { FailureRecord } from '../../log/failure-record.js';

/**
 * The log entry of a request. It contains the pattern of the route instead of the URL, and no body, no query and no headers
 * except the user agent, so that nothing a user typed is logged.
 */
export interface RequestEntry {
  requestId: string;
  traceId?: string;
  method: string | null;
  /** The pattern of the route; `unmatched` if there is none, `unreadable` if the parser refused the request. */
  route: string;
  /** Null if the caller disconnected before the response was sent. */
  status: number | null;
  durationMs: number | null;
  ip: string | null;
  userAgent: string | null;
  /** Set if a guard has authenticated the request. */
  userId?: string;
  aborted?: true;
  /** The problem code of a refused request. */
  code?: string;
  error?: FailureRecord;
}

/** Writes the log line of a request. @param quiet logs success at level debug */
export function logRequest(logger: Logger, entry: RequestEntry, quiet = false): void {
  logger[levelOf(entry, quiet)](entry, 'request');
}

function levelOf({ status, error }: RequestEntry, quiet: boolean): 'error' | 'warn' | 'info' | 'debug' {
  if (error && status !== 503) return 'error';
  if (status !== null && status >= 500) return 'warn';
  return quiet ? 'debug' : 'info';
}
