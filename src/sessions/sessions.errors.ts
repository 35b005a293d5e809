import { Refusal } from '../platform/errors.js';

/** One answer for every reason: forged, used up, expired, closed, or its user disabled. The log knows which. */
export class InvalidRefreshToken extends Refusal {
  readonly kind = 'unauthenticated';
  readonly code = 'invalid_refresh_token';

  /** @param dead whether it will never be good again, anywhere: else another replica's secret might open it */
  constructor(readonly dead = false) {
    super('The refresh token is not valid. Log in again.');
  }
}

export class SessionNotFound extends Refusal {
  readonly kind = 'not_found';
  readonly code = 'session_not_found';

  constructor() {
    super('You have no open session with this id.');
  }
}
