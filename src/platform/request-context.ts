import { AsyncLocalStorage } from 'node:async_hooks';
import type { Quota } from './quota.value.js';

/** The data of the current request, available anywhere in its asynchronous context. */
export interface RequestContext {
  readonly requestId: string;
  /** The caller's IP address; null if unknown. */
  readonly ip: string | null;
  /** In milliseconds of `performance.now()`. All database work of the request must end before. */
  readonly databaseDeadline: number;
  /** The rate limits to report in the response headers. */
  readonly quotas: Quota[];
}

const contexts = new AsyncLocalStorage<RequestContext>();

/** The time for all database work of a request, in milliseconds, so that the response is sent within 4 s. */
const DATABASE_MILLIS = 3_500;

export function inRequest<T>(request: Pick<RequestContext, 'requestId' | 'ip'>, work: () => T): T {
  return contexts.run({ quotas: [], ...request, databaseDeadline: performance.now() + DATABASE_MILLIS }, work);
}

/** Restarts the database deadline, for a request that waited on purpose. */
export function afterWaiting<T>(work: () => T): T {
  const waited = contexts.getStore();
  return waited ? inRequest(waited, work) : work();
}

/** @returns undefined outside a request */
export function currentRequest(): RequestContext | undefined {
  return contexts.getStore();
}

/** Replaces the rate limits that the response to the current request reports. */
export function showQuotas(quotas: readonly Quota[]): void {
  contexts.getStore()?.quotas.splice(0, Infinity, ...quotas);
}

/** Milliseconds left for the database work of the current request: at least 1; Infinity outside a request. */
export function databaseMillisLeft(): number {
  const deadline = contexts.getStore()?.databaseDeadline ?? Infinity;
  return Math.max(1, Math.floor(deadline - performance.now()));
}
