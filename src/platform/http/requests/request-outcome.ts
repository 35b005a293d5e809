import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../errors.js';
import { type FailureRecord, failureRecord } from '../../log/failure-record.js';
import type { Refused } from '../problems/problem.js';

/** Why a request was not served. */
export interface Outcome {
  readonly code: string;
  /** What went wrong, where that is our fault. */
  readonly error?: FailureRecord;
  /** What the caller was told past the framework, on a connection that was then closed. */
  readonly status?: number;
}

const outcomes = new WeakMap<IncomingMessage, Outcome>();

/** Keeps why a request was refused until its end is told. */
export function noteRefusal(request: FastifyRequest, { status, code }: Refused, error: unknown): void {
  const reason = error instanceof Refusal ? error.cause : error;
  const ours = status >= 500 && reason !== undefined;
  if (!outcomes.get(request.raw)?.status)
    outcomes.set(request.raw, { code, ...(ours && { error: failureRecord(reason) }) });
}

/** The same for a request whose rest could not be read, or came too late: the connection was answered, and not the request. */
export function noteCut(request: IncomingMessage, { status, code }: Refused): void {
  outcomes.set(request, { status, code });
}

export function outcomeOf(request: IncomingMessage): Outcome | undefined {
  return outcomes.get(request);
}
