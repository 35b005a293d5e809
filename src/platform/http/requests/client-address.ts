import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * The caller's IP address. Behind a trusted proxy it comes from `X-Forwarded-For`, whose entries may be any text when the
 * proxy hands on what it was sent; then the peer's own address is all that is known.
 */
export function clientAddress(request: FastifyRequest): string | null {
  if (isIP(request.ip) !== 0) return request.ip;
  return request.raw.socket.remoteAddress ?? null;
}
