import { BadRequestException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isReservedName } from './reserved-names.js';

/**
 * Refuses what Node accepts: an HTTP/1.1 request without exactly one Host header (RFC 9112 section 3.2), which proxies and
 * servers may interpret differently, and query parameters with reserved names.
 */
export function requireSoundRequest(request: FastifyRequest): void {
  const hosts = countHosts(request.raw.rawHeaders);
  if (hosts > 1 || (hosts === 0 && request.raw.httpVersion !== '1.0')) throw new BadRequestException();
  if (Object.keys(request.query ?? {}).some(isReservedName)) throw new BadRequestException();
}

function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === 'host') count++;
  }
  return count;
}
