/** Why a request is refused, independent of HTTP. Only the problem filter maps a kind to a status. */
export type RefusalKind =
  'invalid' | 'unauthenticated' | 'forbidden' | 'not_found' | 'conflict' | 'too_many' | 'unavailable';

/** What is wrong with one field of the input. Never contains the input itself. */
export interface FieldError {
  field: string;
  code: string;
  detail: string;
}

/** A refusal that is part of the API: its `code` never changes (RFC 9457). */
export abstract class Refusal extends Error {
  abstract readonly kind: RefusalKind;
  abstract readonly code: string;
  readonly errors?: readonly FieldError[];
  /** Seconds until a retry makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;

  /** @param detail one sentence for the caller, sent as it is; it must contain no values and no secrets */
  constructor(detail: string) {
    super(detail);
    this.name = new.target.name;
  }
}

/** A command that is refused; the message is for the operator. */
export abstract class CommandRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** The input is not valid; nothing was stored. */
export class ValidationFailed extends Refusal {
  readonly kind = 'invalid';
  readonly code = 'validation_failed';

  constructor(override readonly errors: readonly FieldError[]) {
    super('The request is not valid. See `errors` for each problem.');
  }
}
