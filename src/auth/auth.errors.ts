import { type FieldError, Refusal, ValidationFailed } from '../platform/errors.js';

/** The same response for every reason: unknown address, wrong password, disabled account, or no password at all. */
export class InvalidCredentials extends Refusal {
  readonly kind = 'unauthenticated';
  readonly code = 'invalid_credentials';

  constructor() {
    super('The email address or the password is wrong.');
  }
}

/** The password is correct, but the address is unconfirmed. Only with EMAIL_VERIFICATION=required. */
export class EmailNotVerified extends Refusal {
  readonly kind = 'forbidden';
  readonly code = 'email_not_verified';

  constructor() {
    super('Confirm your email address first. We have sent you a link.');
  }
}

/** A logged-in user entered a wrong password to confirm an action. */
export class WrongPassword extends Refusal {
  readonly kind = 'forbidden';
  readonly code = 'wrong_password';

  constructor() {
    super('The current password is wrong.');
  }
}

/** More passwords are waiting than can be hashed within a second. */
export class HashQueueFull extends Refusal {
  readonly kind = 'unavailable';
  readonly code = 'busy';

  constructor() {
    super('The service is too busy right now. Try again in a few seconds.');
  }
}

/** The worker that was hashing a password was lost, twice in a row. */
export class HashingFailed extends Refusal {
  readonly kind = 'unavailable';
  readonly code = 'busy';

  constructor() {
    super('The password could not be processed. Try again in a few seconds.');
  }
}

/** The new password violates the password policy. */
export class PasswordRefused extends ValidationFailed {
  constructor(problem: FieldError) {
    super([problem]);
  }
}

/** Neither the body nor a cookie contains a refresh token. */
export class NoRefreshToken extends ValidationFailed {
  constructor() {
    super([{ field: 'refreshToken', code: 'required', detail: 'A refresh token is required, here or in the cookie.' }]);
  }
}
