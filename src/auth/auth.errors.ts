import { type FieldError, Refusal, ValidationFailed } from '../platform/errors.js';

/** One answer for every reason: unknown, wrong, disabled, or no password at all. */
export class InvalidCredentials extends Refusal {
  readonly kind = 'unauthenticated';
  readonly code = 'invalid_credentials';

  constructor() {
    super('The email address or the password is wrong.');
  }
}

/** The password is right; said only where accounts must confirm their address before they log in. */
export class EmailNotVerified extends Refusal {
  readonly kind = 'forbidden';
  readonly code = 'email_not_verified';

  constructor() {
    super('Confirm your email address first. We have sent you a link.');
  }
}

/** Someone who is signed in has to show the password once more, and it is not this one. */
export class WrongPassword extends Refusal {
  readonly kind = 'forbidden';
  readonly code = 'wrong_password';

  constructor() {
    super('The current password is wrong.');
  }
}

/** More passwords wait to be hashed than can be within a second. */
export class HashQueueFull extends Refusal {
  readonly kind = 'unavailable';
  readonly code = 'busy';

  constructor() {
    super('The service is too busy right now. Try again in a few seconds.');
  }
}

/** The thread that was to hash a password was lost, twice in a row. */
export class HashingFailed extends Refusal {
  readonly kind = 'unavailable';
  readonly code = 'busy';

  constructor() {
    super('The password could not be processed. Try again in a few seconds.');
  }
}

/** The new password does not keep the rules. */
export class PasswordRefused extends ValidationFailed {
  constructor(problem: FieldError) {
    super([problem]);
  }
}

/** Neither the body nor a cookie holds a refresh token. */
export class NoRefreshToken extends ValidationFailed {
  constructor() {
    super([{ field: 'refreshToken', code: 'required', detail: 'A refresh token is required, here or in the cookie.' }]);
  }
}
