import { CommandRefused } from '../platform/errors.js';

export class KeyUnknown extends CommandRefused {
  constructor(kid: string) {
    super(`There is no signing key ${kid}. Nothing was changed.`);
  }
}

/** Caches of other apps must first have had the time to learn of the next key. */
export class StandbyTooYoung extends CommandRefused {
  constructor(maySignFrom: Date) {
    super(
      `The next key may sign from ${maySignFrom.toISOString()} on: until then other apps may not know it and would ` +
        'refuse its tokens. Nothing was changed. In an emergency, revoke the key that signs.',
    );
  }
}
