import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

const MAPPED = /^::ffff:(?=\d+\.)/i;

/**
 * The caller's IP address, an IPv4 one in its own form. Behind a trusted proxy it comes from `X-Forwarded-For`, whose entries
 * may be any text when the proxy hands on what it was sent; then the peer's own address is all that is known.
 */
export function clientAddress(request: FastifyRequest): string | null {
  const address = isIP(request.ip) === 0 ? request.raw.socket.remoteAddress : request.ip;
  return address?.replace(MAPPED, '') ?? null;
}
