import { STATUS_CODES } from 'node:http';
import { HttpException, HttpStatus } from '@nestjs/common';

/** The body of a refusal (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Stable: for programs. */
  code: string;
}

/** A refusal of the guard: `getResponse()` is its problem document, `headers` belong on the response. */
export abstract class AccessRefused extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  protected constructor(
    status: HttpStatus,
    readonly code: string,
    detail: string,
    headers: Record<string, string>,
    cause?: unknown,
  ) {
    const problem: Problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code };
    super(problem, status, { cause });
    this.headers = { 'Content-Type': 'application/problem+json', ...headers };
  }

  override getResponse(): Problem {
    return super.getResponse() as Problem;
  }
}

/** No bearer token came with the request. Its challenge names no error (RFC 6750 section 3.1). */
export class MissingToken extends AccessRefused {
  constructor() {
    const detail = 'This needs an access token in the Authorization header.';
    super(HttpStatus.UNAUTHORIZED, 'invalid_token', detail, { 'WWW-Authenticate': 'Bearer' });
  }
}

/** The token is not accepted. The caller is not told why. */
export class InvalidToken extends AccessRefused {
  /** @param reason why, for a log; never sent */
  constructor(
    readonly reason: string,
    cause?: unknown,
  ) {
    const detail = 'The access token is invalid or has expired.';
    super(HttpStatus.UNAUTHORIZED, 'invalid_token', detail, challenge('invalid_token', detail), cause);
  }
}

/** The token is good, but its owner has none of the roles that the route asks for. */
export class InsufficientRole extends AccessRefused {
  constructor() {
    const detail = 'Your role does not allow this.';
    super(HttpStatus.FORBIDDEN, 'insufficient_role', detail, challenge('insufficient_scope', detail));
  }
}

/** The issuer's keys are out of reach, so nobody can say whether the token is good. */
export class KeysUnavailable extends AccessRefused {
  /**
   * @param cause what went wrong, for a log; never sent
   * @param retryAfterSeconds when to come again
   */
  constructor(cause?: unknown, retryAfterSeconds = 5) {
    const detail = 'Access tokens cannot be verified at the moment.';
    const headers = { 'Retry-After': String(retryAfterSeconds) };
    super(HttpStatus.SERVICE_UNAVAILABLE, 'keys_unavailable', detail, headers, cause);
  }
}

function challenge(error: string, description: string): Record<string, string> {
  return { 'WWW-Authenticate': `Bearer error="${error}", error_description="${description}"` };
}
