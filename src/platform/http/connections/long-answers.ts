import type { Server } from 'node:http';
import type { FastifyReply } from 'fastify';

const endings = new WeakMap<Server, Set<() => void>>();

/**
 * For an answer that goes on until somebody ends it: a shutdown must not wait for it.
 *
 * @param end called when the service closes down, more than once perhaps
 */
export function endOnShutdown(reply: FastifyReply, end: () => void): void {
  const { server } = reply.server;
  const known = endings.get(server) ?? new Set();
  endings.set(server, known.add(end));
  reply.raw.once('close', () => known.delete(end));
}

export function endLongAnswers(server: Server): void {
  endings.get(server)?.forEach((end) => end());
}
