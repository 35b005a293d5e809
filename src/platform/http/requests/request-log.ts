import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { clientAddress } from './client-address.js';
import { Refusal } from '../../errors.js';
import { type FailureRecord, failureRecord } from '../../failure-record.js';
import type { Refused } from '../problems/problem.js';
import { userAgentOf } from './user-agent.js';

interface Outcome {
  code: string;
  error?: FailureRecord;
}

const outcomes = new WeakMap<object, Outcome>();

/** Keeps for the request's log line why it was refused and, where that is our fault, what went wrong. */
export function noteRefusal(request: FastifyRequest, { status, code }: Refused, error: unknown): void {
  const ours = status >= 500 && !(error instanceof Refusal);
  outcomes.set(request.raw, { code, ...(ours && { error: failureRecord(error) }) });
}

/**
 * Writes one line when the answer is out or the caller has gone. It names the route's pattern and not the address, and holds
 * no header but the user agent, no body and no query: what a person types never gets here.
 */
export function logWhenDone(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const begun = performance.now();
  const ip = clientAddress(request);
  reply.raw.once('close', () => {
    const outcome = outcomes.get(request.raw);
    const finished = reply.raw.writableFinished;
    logger[outcome?.error ? 'error' : 'info'](
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: finished ? reply.raw.statusCode : null,
        durationMs: Math.round((performance.now() - begun) * 10) / 10,
        ip,
        userAgent: userAgentOf(request),
        ...(!finished && { aborted: true }),
        ...outcome,
      },
      'request',
    );
  });
}
