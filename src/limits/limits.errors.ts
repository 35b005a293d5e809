import { Refusal } from '../platform/errors.js';

/** One answer for every limit: naming the limit would tell what others do. */
export class TooManyRequests extends Refusal {
  readonly kind = 'too_many';
  readonly code = 'too_many_requests';
  override readonly retryAfterSeconds: number;

  /** @param millis the least time to wait, in milliseconds */
  constructor(millis: number) {
    super('Too many attempts. Try again after the time given in Retry-After.');
    this.retryAfterSeconds = Math.max(1, Math.ceil(millis / 1000));
  }
}
