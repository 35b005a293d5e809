import { Refusal, ValidationFailed } from '../platform/errors.js';

/** Somebody changed the account between the proof of the password and the change that it was for. */
export class AccountChangedMeanwhile extends Refusal {
  readonly kind = 'conflict';
  readonly code = 'account_changed';

  constructor() {
    super('The account was changed at the same time. Check it and try again.');
  }
}

/** The new address is the one that the account has. */
export class AddressUnchanged extends ValidationFailed {
  constructor() {
    super([{ field: 'email', code: 'email_unchanged', detail: 'The account already has this email address.' }]);
  }
}
