import { Refusal, ValidationFailed } from '../platform/errors.js';

/** The account was changed after the password was verified and before the change was made. */
export class AccountChangedMeanwhile extends Refusal {
  readonly kind = 'conflict';
  readonly code = 'account_changed';

  constructor() {
    super('The account was changed at the same time. Check it and try again.');
  }
}

/** The new address is the current one. */
export class AddressUnchanged extends ValidationFailed {
  constructor() {
    super([{ field: 'email', code: 'email_unchanged', detail: 'The account already has this email address.' }]);
  }
}
