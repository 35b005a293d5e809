import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

const MAPPED = /^::ffff:(?=\d+\.)/i;
/** Some proxies write the port, too. */
const WITH_PORT = /^(?:(?<v4>[\d.]+):\d+|\[(?<v6>[^\]]+)\](?::\d+)?)$/;

/**
 * The caller's IP address, an IPv4 one in its own form. Behind a trusted proxy it comes from `X-Forwarded-For`, whose entries
 * may be any text when the proxy hands on what it was sent; then the peer's own address is all that is known.
 */
export function clientAddress(request: FastifyRequest): string | null {
  const { v4, v6 } = WITH_PORT.exec(request.ip)?.groups ?? {};
  const told = v4 ?? v6 ?? request.ip;
  const address = isIP(told) === 0 ? request.raw.socket.remoteAddress : told;
  return address?.replace(MAPPED, '') ?? null;
}
