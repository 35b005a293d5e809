import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { EventLog } from '../../platform/log/event-log.js';
import { showQuotas } from '../../platform/request-context.js';
import type { Bucket, Level } from '../bucket.value.js';
import { type Closed, closedBy } from './closed.value.js';
import { GiveBacks } from './give-backs.service.js';
import { Ledger } from './ledger.service.js';
import { TooManyRequests } from '../limits.errors.js';
import { shownLimits } from '../shown-limits.value.js';
import { ShutBuckets } from './shut-buckets.value.js';
import { UnderWay } from './under-way.service.js';

/** When to come back while the caller's own tries are still being verified. */
const SOON_MILLIS = 1_000;

/** The result of counting a try. If any bucket refuses, `closed` names them and nothing was counted. */
export interface Attempt {
  levels: Level[];
  closed: Closed[];
}

/** Counts tries on buckets and refuses callers. Never lets in a try that could not be counted. */
@Injectable()
export class Counters implements OnModuleInit {
  private readonly knownShut = new ShutBuckets();
  private readonly knownOverReducedQuota = new ShutBuckets();

  constructor(
    private readonly ledger: Ledger,
    private readonly giveBacks: GiveBacks,
    private readonly underWay: UnderWay,
    private readonly config: Config,
    private readonly log: EventLog,
  ) {}

  onModuleInit(): void {
    if (!this.config.rateLimits && this.config.production)
      this.log.warn('rate_limits_off', {
        advice: 'RATE_LIMITS=off is for load tests only: it allows unlimited password guesses.',
      });
  }

  /** Without a query: checks only what this process remembers. @throws TooManyRequests */
  requireOpen(buckets: readonly Bucket[]): void {
    const closed = this.knownClosed(buckets);
    if (closed.length > 0) throw this.refusal(buckets, closed);
  }

  /** The buckets that refuse the caller, as far as this process remembers. */
  knownClosed(buckets: readonly Bucket[]): Closed[] {
    if (!this.config.rateLimits) return [];
    const now = performance.now();
    return buckets.flatMap((bucket) => {
      const shutMillis = bucket.tightensOthers ? 0 : this.knownShut.millisLeft(bucket.key, now);
      const overReducedQuota = shutMillis === 0 && bucket.reducedQuota !== undefined;
      const millis = overReducedQuota ? this.knownOverReducedQuota.millisLeft(bucket.key, now) : shutMillis;
      return millis > 0 ? [{ bucket, millis, overReducedQuota }] : [];
    });
  }

  /**
   * Counts a try on all of the buckets, or on none. @returns their levels afterwards; none if limits are off
   * @throws TooManyRequests if a bucket refuses the caller
   */
  async count(buckets: readonly Bucket[]): Promise<Level[]> {
    const { levels, closed } = await this.attempt(buckets);
    if (closed.length > 0) throw this.refusal(buckets, closed);
    return levels;
  }

  /** Like `count`, but returns the refusal. @param ignoresMemory asks the database even if this process remembers a refusal */
  async attempt(buckets: readonly Bucket[], ignoresMemory = false): Promise<Attempt> {
    const known = ignoresMemory ? [] : this.knownClosed(buckets);
    if (known.length > 0) return { levels: [], closed: known };
    const levels = await this.take(buckets);
    const closed = closedBy(levels);
    if (closed.length === 0) return { levels, closed };
    this.takeBack(levels);
    const now = performance.now();
    for (const { bucket, millis, overReducedQuota } of closed)
      if (overReducedQuota) this.knownOverReducedQuota.add(bucket.key, millis, now);
    return { levels: [], closed };
  }

  /** Counts a try on each bucket that is open. The result names the shut ones, too. */
  async take(buckets: readonly Bucket[]): Promise<Level[]> {
    if (!this.config.rateLimits) return [];
    const [own] = buckets;
    if (own) await this.giveBacks.settled(own.key);
    const levels = await this.ledger.count(buckets, this.knownShut);
    const now = performance.now();
    for (const { bucket, refused, shutMillis } of levels) {
      if (refused) this.knownShut.add(bucket.key, shutMillis, now);
      else this.knownShut.delete(bucket.key);
    }
    return levels;
  }

  /** For buckets that tries were given back to while they were found shut: waits until that is stored, and forgets that they were shut. */
  async reopen(closed: readonly Closed[]): Promise<void> {
    for (const { bucket } of closed) {
      this.knownShut.delete(bucket.key);
      await this.giveBacks.settled(bucket.key);
    }
  }

  /** Takes a right try off the count, and wakes the next waiting try. @param emptied the bucket whose whole count is removed */
  giveBack(levels: readonly Level[], emptied?: Bucket): void {
    this.takeBack(levels, emptied);
    for (const { bucket } of levels) this.underWay.free(bucket.key);
  }

  /**
   * Whichever bucket refuses, the caller is shown only the first one (their own) as used up. While the caller's own tries are
   * still being verified, the wait is short, because they may turn out right; this tells nothing about anybody else.
   */
  refusal([own]: readonly Bucket[], closed: readonly Pick<Closed, 'millis'>[]): TooManyRequests {
    const longest = Math.max(...closed.map(({ millis }) => millis));
    const shutMillis = own && this.underWay.has(own.key) ? Math.min(longest, SOON_MILLIS) : longest;
    if (own)
      showQuotas(shownLimits([{ bucket: own, refused: true, inMemory: false, points: 0, shutMillis, endsMillis: 0 }]));
    return new TooManyRequests(shutMillis);
  }

  private takeBack(levels: readonly Level[], emptied?: Bucket): void {
    const counted = levels.filter(({ refused }) => !refused);
    for (const { bucket } of counted) {
      this.knownShut.delete(bucket.key);
      this.knownOverReducedQuota.delete(bucket.key);
    }
    this.ledger.takeBack(counted, emptied);
  }
}
