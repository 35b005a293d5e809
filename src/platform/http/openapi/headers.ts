import type { HeadersObject } from '@nestjs/swagger';

const text = { type: 'string', maxLength: 4096 } as const;

export const WWW_AUTHENTICATE = {
  description: 'The challenge of RFC 6750: it names an error only where a token was sent.',
  schema: text,
  example: 'Bearer error="invalid_token", error_description="The access token is invalid or has expired."',
};

export const RETRY_AFTER = {
  description: 'Seconds to wait before the next try.',
  schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 86_400 } as const,
  example: 2,
};

export const RATE_LIMIT = {
  description:
    'What is left of the limits that the caller alone uses up (draft-ietf-httpapi-ratelimit-headers-10). On other answers, too, ' +
    'where something was counted.',
  schema: text,
  example: '"login";r=0;t=60',
};

export const RATE_LIMIT_POLICY = {
  description: 'Those limits: how many, and in how many seconds.',
  schema: text,
  example: '"login";q=5;w=3600',
};

export const NO_STORE = {
  description: 'No cache may keep the answer.',
  schema: { type: 'string', enum: ['no-store'] },
  example: 'no-store',
};

/** On every answer. */
export const REQUEST_ID = {
  description: 'Finds the request in the logs. Send your own (8 to 64 letters, digits, `-` or `_`) and it is kept.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$', maxLength: 64 } as const,
  example: '0b0f3a0e-6a54-4bb5-9f3e-0c8c1f2a7d11',
};

/** Headers of an answer that may be kept for a while. */
export function cacheHeaders(cacheControl: string): HeadersObject {
  return {
    'Cache-Control': { description: 'How long the answer may be kept.', schema: text, example: cacheControl },
  };
}
