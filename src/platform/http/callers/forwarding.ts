import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

const HEADERS = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

/**
 * Warns once if a peer that is not a trusted proxy sends forwarding headers: the configuration lacks a proxy, or a client is
 * spoofing.
 */
export function warnOfForwarding(logger: Logger): (request: FastifyRequest) => void {
  let warned = false;
  return (request) => {
    if (warned || !HEADERS.some((name) => name in request.headers) || isTrusted(request)) return;
    warned = true;
    logger.warn(
      {
        event: 'forwarded_headers_ignored',
        peer: request.raw.socket.remoteAddress ?? null,
        advice:
          'If this peer is your reverse proxy, add it to TRUSTED_PROXIES. Until then, all clients behind it share the rate limits ' +
          'of one IP address.',
      },
      'event',
    );
  };
}

/**
 * Fastify reads the header from right to left as long as the addresses are trusted. If `ips` has only the peer although the
 * header exists, the peer is not trusted.
 */
function isTrusted({ ips, raw }: FastifyRequest): boolean {
  return ips !== undefined && (ips.length > 1 || !('x-forwarded-for' in raw.headers));
}
