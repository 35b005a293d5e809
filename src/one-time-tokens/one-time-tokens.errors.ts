import { Refusal } from '../platform/errors.js';

/** One answer for every reason: unknown, used, expired, replaced by a newer one, or the account has changed since. */
export class InvalidOneTimeToken extends Refusal {
  readonly kind = 'invalid';
  readonly code = 'invalid_one_time_token';

  constructor() {
    super('This link has already been used, has expired, or was replaced by a newer one. Request a new one.');
  }
}

/** Whether an error speaks of a link's token that leads nowhere. */
export function isBadLink(error: unknown): boolean {
  return error instanceof InvalidOneTimeToken;
}
