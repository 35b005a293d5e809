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
  const told = isIP(request.ip) === 0 ? withoutPort(request.ip) : request.ip;
  return (told ?? request.raw.socket.remoteAddress)?.replace(MAPPED, '') ?? null;
}

function withoutPort(text: string): string | null {
  const { v4, v6 } = WITH_PORT.exec(text)?.groups ?? {};
  const address = v4 ?? v6 ?? '';
  return isIP(address) === 0 ? null : address;
}
