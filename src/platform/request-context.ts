import { AsyncLocalStorage } from 'node:async_hooks';

/** What belongs to the request under way, wherever in its work one stands. */
export interface RequestContext {
  readonly requestId: string;
  /** The caller's address, as far as can be known. */
  readonly ip: string | null;
  /** In milliseconds of `performance.now()`: all database work of the request ends before. */
  readonly databaseDeadline: number;
}

const contexts = new AsyncLocalStorage<RequestContext>();

/** All database work of one request ends within this, so that its answer is out within 4 s. */
const DATABASE_MILLIS = 3_500;

export function inRequest<T>(request: Pick<RequestContext, 'requestId' | 'ip'>, work: () => T): T {
  return contexts.run({ ...request, databaseDeadline: performance.now() + DATABASE_MILLIS }, work);
}

/** For a request that has waited on purpose: what its database work may take begins anew. */
export function afterWaiting<T>(work: () => T): T {
  const waited = contexts.getStore();
  return waited ? inRequest(waited, work) : work();
}

/** @returns undefined outside any request, as at start */
export function currentRequest(): RequestContext | undefined {
  return contexts.getStore();
}

/** What the database work of the request under way may still take: at least 1 ms; without end outside any request. */
export function databaseMillisLeft(): number {
  const deadline = contexts.getStore()?.databaseDeadline ?? Infinity;
  return Math.max(1, Math.floor(deadline - performance.now()));
}
