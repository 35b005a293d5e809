import { Refusal } from '../platform/errors.js';

/** Send no requests here now; the code and one sentence say why, and name nothing of the inside. */
abstract class NotReady extends Refusal {
  readonly kind = 'unavailable';
}

export class ShuttingDown extends NotReady {
  readonly code = 'shutting_down';

  constructor() {
    super('The service is shutting down.');
  }
}

export class DatabaseAway extends NotReady {
  readonly code = 'database_unavailable';

  constructor(override readonly cause?: unknown) {
    super('The database does not answer in time.');
  }
}

export class MigrationsMissing extends NotReady {
  readonly code = 'migrations_missing';

  constructor() {
    super('The database lacks migrations of this release; they are applied at the next start.');
  }
}

export class KeyNotOpened extends NotReady {
  readonly code = 'signing_key_not_opened';

  constructor() {
    super('The key that signs now cannot be opened with the secrets that were given.');
  }
}
