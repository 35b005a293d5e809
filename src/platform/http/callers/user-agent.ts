import type { FastifyRequest } from 'fastify';

/** Long enough to tell devices apart; what is longer is cut. */
const MAX_LENGTH = 256;

// JSON escapes those of ASCII, but not those above it (U+009B also begins a terminal's escape sequence).
const CONTROL_CHARACTERS = /\p{Cc}/gu;

/** What the caller says it is, fit to be logged, stored and shown. */
export function userAgentOf({ headers }: FastifyRequest): string | null {
  return headers['user-agent']?.slice(0, MAX_LENGTH).replace(CONTROL_CHARACTERS, '\uFFFD') ?? null;
}
