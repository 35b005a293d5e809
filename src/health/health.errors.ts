import { Refusal } from '../platform/errors.js';

/** This replica should get no requests now. The code and detail say why, without internals. */
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
    super('The database did not answer in time.');
  }
}

export class MigrationsMissing extends NotReady {
  readonly code = 'migrations_missing';

  constructor() {
    super('The database is missing migrations of this release. They are applied at the next start.');
  }
}

export class KeyNotOpened extends NotReady {
  readonly code = 'signing_key_not_opened';

  constructor() {
    super('The current signing key cannot be decrypted with the configured secrets.');
  }
}
