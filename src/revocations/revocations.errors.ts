import { Refusal } from '../platform/errors.js';

/** Long enough for a stream to have ended, short enough to poll meanwhile. */
const RETRY_SECONDS = 10;

/** As many are served as the service is willing to. */
export class FeedFull extends Refusal {
  readonly kind = 'unavailable';
  readonly code = 'feed_full';
  override readonly retryAfterSeconds = RETRY_SECONDS;

  constructor() {
    super('Too many clients are following the revocations. Poll with `since` for now.');
  }
}

/** One address has as many as one address may. */
export class TooManyStreams extends Refusal {
  readonly kind = 'too_many';
  readonly code = 'too_many_streams';
  override readonly retryAfterSeconds = RETRY_SECONDS;

  constructor() {
    super('Too many clients are following the revocations from this IP address. Poll with `since` for now.');
  }
}

/** This replica has not seen the database for some seconds: a list would look complete and not be. */
export class FeedBehind extends Refusal {
  readonly kind = 'unavailable';
  readonly code = 'feed_behind';

  constructor() {
    super('The latest revocations are not available right now.');
  }
}
