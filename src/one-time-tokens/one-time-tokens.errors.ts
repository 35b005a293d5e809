import { Refusal } from '../platform/errors.js';

/** The same response for every reason: unknown, used, expired, replaced by a newer one, or the account has changed since. */
export class InvalidOneTimeToken extends Refusal {
  readonly kind = 'invalid';
  readonly code = 'invalid_one_time_token';

  constructor() {
    super('This link has already been used, has expired, or was replaced by a newer one. Request a new one.');
  }
}

/** True if the error means that the token of a link is not valid. */
export function isBadLink(error: unknown): boolean {
  return error instanceof InvalidOneTimeToken;
}
