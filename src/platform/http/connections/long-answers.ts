import type { Server } from 'node:http';
import type { FastifyReply } from 'fastify';

const endings = new WeakMap<Server, Set<() => void>>();

/**
 * Registers a response that never ends by itself, so that a shutdown can end it.
 *
 * @param end called when the service shuts down, possibly more than once
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
