import { Refusal, ValidationFailed } from '../platform/errors.js';

export class UserNotFound extends Refusal {
  readonly kind = 'not_found';
  readonly code = 'user_not_found';

  constructor() {
    super('There is no account with this id.');
  }
}

/** A closed account cannot be changed until it is restored. */
export class UserClosed extends Refusal {
  readonly kind = 'conflict';
  readonly code = 'user_closed';

  constructor() {
    super('This account is closed. Restore it first.');
  }
}

export class NotInvited extends Refusal {
  readonly kind = 'conflict';
  readonly code = 'not_invited';

  constructor() {
    super('This account has no open invitation.');
  }
}

export class ReasonWithoutDisabling extends ValidationFailed {
  constructor() {
    super([
      { field: 'disabledReason', code: 'not_disabled', detail: 'A reason can only be set on a disabled account.' },
    ]);
  }
}

/** The cursor is malformed or belongs to another list. */
export class InvalidCursor extends ValidationFailed {
  constructor() {
    super([
      {
        field: 'cursor',
        code: 'invalid_cursor',
        detail: 'Must be the `nextCursor` of the previous page, with the same filters.',
      },
    ]);
  }
}
