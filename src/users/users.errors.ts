import { Refusal } from '../platform/errors.js';

export class EmailTaken extends Refusal {
  readonly kind = 'conflict';
  readonly code = 'email_taken';

  constructor() {
    super('An account with this email address exists already.');
  }
}
