import { Refusal } from '../platform/errors.js';

/** Nobody is registered to receive signals. */
export class SignalsOff extends Refusal {
  readonly kind = 'not_found';
  readonly code = 'signals_off';

  constructor() {
    super('No receivers of signals are registered.');
  }
}

/** One receiver waits for signals as often as one may. */
export class TooManyPolls extends Refusal {
  readonly kind = 'too_many';
  readonly code = 'too_many_polls';
  override readonly retryAfterSeconds = 10;

  constructor() {
    super('This receiver already has too many polls waiting. Poll with `returnImmediately` for now.');
  }
}
