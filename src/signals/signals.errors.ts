import { Refusal } from '../platform/errors.js';

/** Nobody is registered to receive signals. */
export class SignalsOff extends Refusal {
  readonly kind = 'not_found';
  readonly code = 'signals_off';

  constructor() {
    super('Nobody is registered here to receive signals.');
  }
}

/** One receiver waits for signals as often as one may. */
export class TooManyPolls extends Refusal {
  readonly kind = 'too_many';
  readonly code = 'too_many_polls';
  override readonly retryAfterSeconds = 10;

  constructor() {
    super('This receiver is waiting for signals too often already. Poll with `returnImmediately` meanwhile.');
  }
}
