import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../errors.js';
import { type FailureRecord, failureRecord } from '../../log/failure-record.js';
import type { Refused } from '../problems/problem.js';

/** Why a request was not served. */
export interface Outcome {
  readonly code: string;
  /** Set if the failure is the service's own. */
  readonly error?: FailureRecord;
  /** The status that was written directly to the socket, without Fastify. */
  readonly status?: number;
}

const outcomes = new WeakMap<IncomingMessage, Outcome>();

/** Stores why a request was refused, for its log line. */
export function noteRefusal(request: FastifyRequest, { status, code }: Refused, error: unknown): void {
  const reason = error instanceof Refusal ? error.cause : error;
  const ours = status >= 500 && reason !== undefined;
  if (!outcomes.get(request.raw)?.status)
    outcomes.set(request.raw, { code, ...(ours && { error: failureRecord(reason) }) });
}

/** The same for a request whose body could not be read or came too late, and whose problem was written to the socket. */
export function noteCut(request: IncomingMessage, { status, code }: Refused): void {
  outcomes.set(request, { status, code });
}

export function outcomeOf(request: IncomingMessage): Outcome | undefined {
  return outcomes.get(request);
}
