import { AsyncLocalStorage } from 'node:async_hooks';
import type { Quota } from './quota.value.js';

/** What belongs to the request under way, wherever in its work one stands. */
export interface RequestContext {
  readonly requestId: string;
  /** The caller's address, as far as can be known. */
  readonly ip: string | null;
  /** In milliseconds of `performance.now()`: all database work of the request ends before. */
  readonly databaseDeadline: number;
  /** What the answer is to say of limits. */
  readonly quotas: Quota[];
}

const contexts = new AsyncLocalStorage<RequestContext>();

/** All database work of one request ends within this, so that its answer is out within 4 s. */
const DATABASE_MILLIS = 3_500;

export function inRequest<T>(request: Pick<RequestContext, 'requestId' | 'ip'>, work: () => T): T {
  return contexts.run({ quotas: [], ...request, databaseDeadline: performance.now() + DATABASE_MILLIS }, work);
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

/** The answer to the request under way says this of limits, in place of what was to be said before. */
export function showQuotas(quotas: readonly Quota[]): void {
  contexts.getStore()?.quotas.splice(0, Infinity, ...quotas);
}

/** What the database work of the request under way may still take: at least 1 ms; without end outside any request. */
export function databaseMillisLeft(): number {
  const deadline = contexts.getStore()?.databaseDeadline ?? Infinity;
  return Math.max(1, Math.floor(deadline - performance.now()));
}
