import { HttpException } from '@nestjs/common';
import { Refusal, type RefusalKind } from '../../errors.js';
import type { Refused } from './problem.js';
import { refusedWith } from './status-problems.js';

const STATUS: Readonly<Record<RefusalKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many: 429,
  unavailable: 503,
};

/** True if an error means that the database is unreachable or timed out, and not that the service has a bug. */
export type IsDatabaseTrouble = (error: unknown) => boolean;

/** The refusal of a request whose database work failed. */
export const DATABASE_UNAVAILABLE: Refused = { ...refusedWith(503), code: 'database_unavailable' };

/** What the caller is told about an error. Details are included only if the error was made for the caller. */
export function refusedFor(error: unknown, isDatabaseTrouble: IsDatabaseTrouble): Refused {
  if (error instanceof Refusal) return fromRefusal(error);
  if (error instanceof HttpException) return fromHttpException(error);
  if (isDatabaseTrouble(error)) return DATABASE_UNAVAILABLE;
  return refusedWith(500);
}

/** The headers of an exception, such as the guard's challenge (RFC 6750 section 3). */
export function headersOf(error: unknown): Record<string, string> {
  const bears = error instanceof HttpException && 'headers' in error;
  return bears && typeof error.headers === 'object' ? { ...error.headers } : {};
}

function fromRefusal({ kind, code, message, errors, retryAfterSeconds }: Refusal): Refused {
  return {
    status: STATUS[kind],
    code,
    detail: message,
    ...(errors && { errors }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

function fromHttpException(exception: HttpException): Refused {
  const status = exception.getStatus();
  const own = exception.getResponse();
  if (typeof own === 'object' && 'code' in own && typeof own.code === 'string') {
    return {
      status,
      code: own.code,
      detail: 'detail' in own && typeof own.detail === 'string' ? own.detail : refusedWith(status).detail,
    };
  }
  return refusedWith(status < 500 || status === 503 ? status : 500);
}
