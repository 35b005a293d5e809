import { randomInt } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_MEDIA_TYPE, type Refused, toProblem } from './problem.js';

const COME_AGAIN = new Set([429, 503]);

/** Sends a problem. Headers that are already set (such as `WWW-Authenticate`) are kept. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, refused: Refused): void {
  if (COME_AGAIN.has(refused.status) && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', String(Math.max(1, Math.ceil(refused.retryAfterSeconds ?? comeAgainSeconds()))));
  }
  reply
    .code(refused.status)
    .header('content-type', `${PROBLEM_MEDIA_TYPE}; charset=utf-8`)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(toProblem(refused, request.id)));
}

/** 1 or 2 at random, so that callers who were refused together do not all retry together. */
function comeAgainSeconds(): number {
  return randomInt(1, 3);
}
