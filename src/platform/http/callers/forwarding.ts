import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

const HEADERS = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

/** Warns once when a peer that is no trusted proxy speaks for others: either it is one, or somebody tries something. */
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

/** Fastify follows the header from right to left, and stops before it has begun where the peer itself is not trusted. */
function isTrusted({ ips, raw }: FastifyRequest): boolean {
  return ips !== undefined && (ips.length > 1 || !('x-forwarded-for' in raw.headers));
}
