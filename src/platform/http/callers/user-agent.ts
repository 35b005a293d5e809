import type { FastifyRequest } from 'fastify';

/** Enough to distinguish devices; the rest is cut off. */
const MAX_LENGTH = 256;

// JSON escapes only ASCII control characters, but U+009B, too, starts a terminal escape sequence.
const CONTROL_CHARACTERS = /\p{Cc}/gu;

/** The user agent, safe to log, store and display. */
export function userAgentOf({ headers }: FastifyRequest): string | null {
  return headers['user-agent']?.slice(0, MAX_LENGTH).replace(CONTROL_CHARACTERS, '\uFFFD') ?? null;
}
