import { Refusal } from '../platform/errors.js';

export class EmailTaken extends Refusal {
  readonly kind = 'conflict';
  readonly code = 'email_taken';

  constructor() {
    super('An account with this email address already exists.');
  }
}

/** The change would leave the service without an active admin. */
export class LastAdmin extends Refusal {
  readonly kind = 'conflict';
  readonly code = 'last_admin';

  constructor() {
    super('This is the last active admin. Make someone else an admin first.');
  }
}
