import type { Refused } from './problem.js';

type Words = readonly [code: string, detail: string];

const BAD_REQUEST: Words = ['bad_request', 'The request is malformed.'];
const INTERNAL_ERROR: Words = ['internal_error', 'Something went wrong on our side.'];

/** Refusals by the framework: a stable code and a sentence that repeats nothing of the request. */
const REFUSALS: Readonly<Record<number, Words>> = {
  400: BAD_REQUEST,
  401: ['unauthenticated', 'This request needs valid credentials.'],
  403: ['forbidden', 'This is not allowed.'],
  404: ['not_found', 'This resource does not exist.'],
  405: ['method_not_allowed', 'This method is not allowed for this resource.'],
  408: ['request_timeout', 'The request did not arrive in time.'],
  409: ['conflict', 'The request conflicts with the current state.'],
  413: ['payload_too_large', 'The body is too large.'],
  414: ['uri_too_long', 'The URL is too long.'],
  415: ['unsupported_media_type', 'The body must be uncompressed application/json in UTF-8.'],
  429: ['too_many_requests', 'Too many requests. Try again later.'],
  431: ['request_header_fields_too_large', 'The headers are too large.'],
  500: INTERNAL_ERROR,
  503: ['unavailable', 'The service is not available right now. Try again shortly.'],
};

/** The problem for a status code. A status that is not listed gets the code of its class. */
export function refusedWith(status: number): Refused {
  const [code, detail] = REFUSALS[status] ?? (status < 500 ? BAD_REQUEST : INTERNAL_ERROR);
  return { status, code, detail };
}
