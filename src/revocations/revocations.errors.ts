import { Refusal } from '../platform/errors.js';

/** Long enough that a stream may have ended, short enough for polling. */
const RETRY_SECONDS = 10;

/** The limit of clients for this replica is reached. */
export class FeedFull extends Refusal {
  readonly kind = 'unavailable';
  readonly code = 'feed_full';
  override readonly retryAfterSeconds = RETRY_SECONDS;

  constructor() {
    super('Too many clients are following the revocations. Poll with `since` for now.');
  }
}

/** The limit of clients for one address is reached. */
export class TooManyStreams extends Refusal {
  readonly kind = 'too_many';
  readonly code = 'too_many_streams';
  override readonly retryAfterSeconds = RETRY_SECONDS;

  constructor() {
    super('Too many clients are following the revocations from this IP address. Poll with `since` for now.');
  }
}

/** This replica has not read the database for some seconds, so a list might be incomplete. */
export class FeedBehind extends Refusal {
  readonly kind = 'unavailable';
  readonly code = 'feed_behind';

  constructor() {
    super('The latest revocations are not available right now.');
  }
}
