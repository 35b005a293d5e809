import { Refusal } from '../platform/errors.js';

/** Long enough for a stream to have ended, short enough to poll meanwhile. */
const RETRY_SECONDS = 10;

/** As many are served as the service is willing to. */
export class FeedFull extends Refusal {
  readonly kind = 'unavailable';
  readonly code = 'feed_full';
  override readonly retryAfterSeconds = RETRY_SECONDS;

  constructor() {
    super('Too many follow the revocations already. Poll with `since` meanwhile.');
  }
}

/** One address has as many as one address may. */
export class TooManyStreams extends Refusal {
  readonly kind = 'too_many';
  readonly code = 'too_many_streams';
  override readonly retryAfterSeconds = RETRY_SECONDS;

  constructor() {
    super('Too many follow the revocations from this address already. Poll with `since` meanwhile.');
  }
}

/** This replica has not seen the database for some seconds: a list would look complete and not be. */
export class FeedBehind extends Refusal {
  readonly kind = 'unavailable';
  readonly code = 'feed_behind';

  constructor() {
    super('The newest revocations are not known here at the moment.');
  }
}
