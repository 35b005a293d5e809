import { Injectable } from '@nestjs/common';
import { showQuotas } from '../platform/request-context.js';
import { Buckets } from './buckets.service.js';
import { Counters } from './counting/counters.service.js';
import { shownLimits } from './shown-limits.value.js';

/** Limits for tokens that nobody can guess. Success costs nothing; only repeated failures are slowed down. */
@Injectable()
export class Failures {
  constructor(
    private readonly counters: Counters,
    private readonly buckets: Buckets,
  ) {}

  /**
   * A valid refresh token is always accepted: one broken app must not log out everybody who shares its IP address.
   * @param isFailure whether an error thrown by `work` means that the token is invalid
   * @throws TooManyRequests instead of such an error, once there have been too many
   */
  refresh<T>(isFailure: (error: unknown) => boolean, work: () => Promise<T>): Promise<T> {
    return this.watch('refresh', isFailure, work);
  }

  /** For emailed links: a caller who has failed too often is refused before anything is looked up. */
  async link<T>(isFailure: (error: unknown) => boolean, work: () => Promise<T>): Promise<T> {
    this.counters.requireOpen(this.buckets.failures('link'));
    return this.watch('link', isFailure, work);
  }

  private async watch<T>(
    kind: 'refresh' | 'link',
    isFailure: (error: unknown) => boolean,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isFailure(error)) showQuotas(shownLimits(await this.counters.count(this.buckets.failures(kind))));
      throw error;
    }
  }
}
