import { Refusal } from '../platform/errors.js';

/** The same response for every reason: forged, used, expired, closed, or its user is disabled. The log tells which. */
export class InvalidRefreshToken extends Refusal {
  readonly kind = 'unauthenticated';
  readonly code = 'invalid_refresh_token';

  /**
   * @param dead true if the token can never be valid again. False if it could not be verified: another replica may have the
   * secret for it
   */
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
