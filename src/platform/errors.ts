/** Why a request is refused, in the domain's words; the problem filter alone turns a kind into an HTTP status. */
export type RefusalKind =
  'invalid' | 'unauthenticated' | 'forbidden' | 'not_found' | 'conflict' | 'too_many' | 'unavailable';

/** What is wrong with one field of the input. Never holds the input itself. */
export interface FieldError {
  field: string;
  code: string;
  detail: string;
}

/** A refusal that callers may rely on: its `code` is part of the contract and never changes (RFC 9457). */
export abstract class Refusal extends Error {
  abstract readonly kind: RefusalKind;
  abstract readonly code: string;
  readonly errors?: readonly FieldError[];
  /** When to come again, in seconds; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;

  /** @param detail one sentence for the caller; it is sent as it is, so it names no value and no secret */
  constructor(detail: string) {
    super(detail);
    this.name = new.target.name;
  }
}

/** A command that is not carried out; its message is for the operator who gave it. */
export abstract class CommandRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** The input does not keep the rules of the contract; nothing was stored. */
export class ValidationFailed extends Refusal {
  readonly kind = 'invalid';
  readonly code = 'validation_failed';

  constructor(override readonly errors: readonly FieldError[]) {
    super('The request is not valid. See `errors` for each problem.');
  }
}
