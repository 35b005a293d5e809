import type { FieldError } from '../../errors.js';

/**
 * The body of every refusal (RFC 9457). `type` is `urn:auth-service:problem:` and the code. `title` is the same for all problems
 * of a type; `detail` describes this occurrence.
 */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId: string;
  errors?: readonly FieldError[];
}

/** A problem without the id of its request. */
export interface Refused {
  status: number;
  code: string;
  detail: string;
  errors?: readonly FieldError[];
  retryAfterSeconds?: number;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

function problemType(code: string): string {
  return `urn:auth-service:problem:${code}`;
}

/** `email_taken` -> `Email taken` */
function problemTitle(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function toProblem(refused: Refused, requestId: string): Problem {
  const { status, code, detail, errors } = refused;
  return {
    type: problemType(code),
    title: problemTitle(code),
    status,
    detail,
    code,
    requestId,
    ...(errors && { errors }),
  };
}
