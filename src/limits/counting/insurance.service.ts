import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type Bucket, type Level, LONGEST_DELAY_SECONDS, type Rule } from '../bucket.value.js';

/**
 * Counts in this process while the database cannot: each replica on its own, and with the longest wait from the first one on.
 */
@Injectable()
export class Insurance {
  private readonly limiters = new Map<string, RateLimiterMemory>();

  count(buckets: readonly Bucket[]): Promise<Level[]> {
    return Promise.all(buckets.map((bucket) => this.countOne(bucket)));
  }

  /** @param empties removes the whole count, not just one try */
  async giveBack({ key, rule }: Bucket, empties: boolean): Promise<void> {
    const limiter = this.limiterOf(rule);
    await (empties ? limiter.delete(text(key)) : limiter.reward(text(key)));
  }

  private async countOne(bucket: Bucket): Promise<Level> {
    const { refused, ...result } = await this.consume(bucket);
    const shutMillis = refused || result.remainingPoints === 0 ? result.msBeforeNext : 0;
    return {
      bucket,
      refused,
      inMemory: true,
      points: result.consumedPoints,
      shutMillis,
      endsMillis: result.msBeforeNext,
    };
  }

  private async consume({ key, rule }: Bucket): Promise<ReturnType<RateLimiterRes['toJSON']> & { refused: boolean }> {
    try {
      return { refused: false, ...(await this.limiterOf(rule).consume(text(key))).toJSON() };
    } catch (reason) {
      if (reason instanceof RateLimiterRes) return { refused: true, ...reason.toJSON() };
      throw reason;
    }
  }

  private limiterOf({ quota, windowSeconds, delaySeconds }: Rule): RateLimiterMemory {
    const name = [quota, windowSeconds, delaySeconds].join();
    const duration = delaySeconds > 0 ? LONGEST_DELAY_SECONDS : windowSeconds;
    const limiter = this.limiters.get(name) ?? new RateLimiterMemory({ points: quota, duration });
    this.limiters.set(name, limiter);
    return limiter;
  }
}

function text(key: Buffer): string {
  return key.toString('base64');
}
