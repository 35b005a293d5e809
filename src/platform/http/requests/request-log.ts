import type { Logger } from 'pino';
import type { FailureRecord } from '../../log/failure-record.js';

/**
 * What is told of a request. It names the route's pattern and not the address, and holds no header but the user agent, no body
 * and no query: what a person types never gets here.
 */
export interface RequestEntry {
  requestId: string;
  traceId?: string;
  method: string | null;
  /** The route's pattern; `unmatched` where there is none, `unreadable` for what never became a request. */
  route: string;
  /** Null when the caller was gone before the answer was out. */
  status: number | null;
  durationMs: number | null;
  ip: string | null;
  userAgent: string | null;
  /** Who made it, where a guard has found out. */
  userId?: string;
  aborted?: true;
  /** Why it was refused. */
  code?: string;
  error?: FailureRecord;
}

/** Writes the one line of a request. @param quiet it is made every few seconds by a machine, and tells nothing while it succeeds */
export function logRequest(logger: Logger, entry: RequestEntry, quiet = false): void {
  logger[levelOf(entry, quiet)](entry, 'request');
}

function levelOf({ status, error }: RequestEntry, quiet: boolean): 'error' | 'warn' | 'info' | 'debug' {
  if (error && status !== 503) return 'error';
  if (status !== null && status >= 500) return 'warn';
  return quiet ? 'debug' : 'info';
}
