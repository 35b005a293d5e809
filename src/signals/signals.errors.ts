import { Refusal } from '../platform/errors.js';

/** No receivers are configured. */
export class SignalsOff extends Refusal {
  readonly kind = 'not_found';
  readonly code = 'signals_off';

  constructor() {
    super('No receivers of signals are registered.');
  }
}

/** The limit of waiting polls for one receiver is reached. */
export class TooManyPolls extends Refusal {
  readonly kind = 'too_many';
  readonly code = 'too_many_polls';
  override readonly retryAfterSeconds = 10;

  constructor() {
    super('This receiver already has too many polls waiting. Poll with `returnImmediately` for now.');
  }
}
