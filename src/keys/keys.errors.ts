import { CommandRefused } from '../platform/errors.js';

export class KeyUnknown extends CommandRefused {
  constructor(kid: string) {
    super(`There is no signing key ${kid}. Nothing was changed.`);
  }
}

/** Other apps may still have cached the keys without the standby key. */
export class StandbyTooYoung extends CommandRefused {
  constructor(maySignFrom: Date) {
    super(
      `The standby key cannot sign before ${maySignFrom.toISOString()}, because other apps may not have fetched it yet and would ` +
        'refuse its tokens. Nothing was changed. In an emergency, revoke the current key.',
    );
  }
}
