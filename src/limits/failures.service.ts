import { Injectable } from '@nestjs/common';
import { showQuotas } from '../platform/request-context.js';
import { Buckets } from './buckets.service.js';
import { Counters } from './counting/counters.service.js';
import { shownLimits } from './shown-limits.value.js';

/** Tokens that nobody can guess: what succeeds costs nothing, and only who fails over and over is held up. */
@Injectable()
export class Failures {
  constructor(
    private readonly counters: Counters,
    private readonly buckets: Buckets,
  ) {}

  /**
   * A good refresh token is taken from everywhere: one broken app must not sign out all who share its address.
   * @param isFailure whether what `work` has thrown speaks of a bad token
   * @throws TooManyRequests in place of such an error, once there were too many
   */
  refresh<T>(isFailure: (error: unknown) => boolean, work: () => Promise<T>): Promise<T> {
    return this.watch('refresh', isFailure, work);
  }

  /** For links that were mailed: who is known to have failed too often is refused before anything is looked up. */
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
