import type { HeadersObject } from '@nestjs/swagger';

const text = { type: 'string', maxLength: 4096 } as const;

export const WWW_AUTHENTICATE = {
  description: 'The challenge (RFC 6750). It names an error only if a token was sent.',
  schema: text,
  example: 'Bearer error="invalid_token", error_description="The access token is invalid or has expired."',
};

export const RETRY_AFTER = {
  description: 'Seconds to wait before trying again.',
  schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 86_400 } as const,
  example: 2,
};

export const RATE_LIMIT = {
  description:
    'What remains of the rate limits that apply to this caller alone (draft-ietf-httpapi-ratelimit-headers-10). Other ' +
    'responses carry it, too, if the request was counted.',
  schema: text,
  example: '"login";r=0;t=60',
};

export const RATE_LIMIT_POLICY = {
  description: 'The quota of each limit, and its window in seconds.',
  schema: text,
  example: '"login";q=5;w=3600',
};

export const NO_STORE = {
  description: 'The response must not be cached.',
  schema: { type: 'string', enum: ['no-store'] },
  example: 'no-store',
};

export const REQUEST_ID = {
  description:
    'Identifies the request in the logs. If you send your own (8 to 64 letters, digits, `-` or `_`), it is used.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$', maxLength: 64 } as const,
  example: '0b0f3a0e-6a54-4bb5-9f3e-0c8c1f2a7d11',
};

/** Headers of a cacheable response. */
export function cacheHeaders(cacheControl: string): HeadersObject {
  return {
    'Cache-Control': { description: 'How long the response may be cached.', schema: text, example: cacheControl },
  };
}
