import { Refusal } from '../platform/errors.js';

/** The same response for every limit, because naming the limit would reveal what others do. */
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
