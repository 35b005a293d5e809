import { STATUS_CODES } from 'node:http';

/** The body of a refusal (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Stable; meant for programs. */
  code: string;
}

/**
 * A refused request. Answer with `status`, `headers` and `problem`; none tells why a token was not accepted.
 */
export abstract class AccessRefused extends Error {
  readonly headers: Readonly<Record<string, string>>;

  protected constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    headers: Record<string, string>,
    cause?: unknown,
  ) {
    super(detail, { cause });
    this.name = new.target.name;
    this.headers = { 'Content-Type': 'application/problem+json', ...headers };
  }

  get problem(): Problem {
    const { status, code, message } = this;
    return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail: message, code };
  }
}

/** The request has no bearer token. The challenge names no error (RFC 6750 section 3.1). */
export class MissingToken extends AccessRefused {
  constructor() {
    super(401, 'invalid_token', 'This request needs an access token in the Authorization header.', {
      'WWW-Authenticate': 'Bearer',
    });
  }
}

/** The token is not accepted. */
export class InvalidToken extends AccessRefused {
  /** @param reason for logs; it is never sent, and never contains a value from the token */
  constructor(
    readonly reason: string,
    cause?: unknown,
  ) {
    const detail = 'The access token is invalid or has expired.';
    super(401, 'invalid_token', detail, challenge('invalid_token', detail), cause);
  }
}

/** The token is valid, but the user has none of the required roles. */
export class InsufficientRole extends AccessRefused {
  constructor() {
    const detail = 'Your role does not allow this.';
    super(403, 'insufficient_role', detail, challenge('insufficient_scope', detail));
  }
}

/** The token is valid, but the user logged in too long ago, or at an unknown time (RFC 9470 section 3). */
export class LoginTooOld extends AccessRefused {
  constructor(maxAgeSeconds: number) {
    const detail = 'This request needs a more recent login.';
    const error = 'insufficient_user_authentication';
    const headers = challenge(error, detail);
    super(401, error, detail, { 'WWW-Authenticate': `${headers['WWW-Authenticate']}, max_age="${maxAgeSeconds}"` });
  }
}

/** The issuer's keys cannot be reached, so the token cannot be verified. */
export class KeysUnavailable extends AccessRefused {
  /**
   * @param cause what went wrong, for logs; it is never sent
   * @param retryAfterSeconds sent as `Retry-After`
   */
  constructor(cause?: unknown, retryAfterSeconds = 5) {
    const detail = 'Cannot verify access tokens right now.';
    super(503, 'keys_unavailable', detail, { 'Retry-After': String(retryAfterSeconds) }, cause);
  }
}

/** The latest closed sessions are not known, so the session may have been closed. */
export class RevocationsUnknown extends AccessRefused {
  constructor() {
    const detail = 'Cannot check right now whether the session is still open.';
    super(503, 'revocations_unknown', detail, { 'Retry-After': '5' });
  }
}

/** @throws InvalidToken with that reason, unless `holds` */
export function must(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new InvalidToken(reason);
}

function challenge(error: string, description: string): { 'WWW-Authenticate': string } {
  return { 'WWW-Authenticate': `Bearer error="${error}", error_description="${description}"` };
}
