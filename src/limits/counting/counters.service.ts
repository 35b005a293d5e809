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

/** When to come again to learn what became of the tries that are being looked at. */
const SOON_MILLIS = 1_000;

/** What came of counting: who is kept out has counted nothing. */
export interface Attempt {
  levels: Level[];
  closed: Closed[];
}

/** Who is let in by what was counted, and who is kept out. Never lets in what could not be counted. */
@Injectable()
export class Counters implements OnModuleInit {
  private readonly shut = new ShutBuckets();
  private readonly pastTheirFew = new ShutBuckets();

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

  /** Costs nothing, and knows only what this process has met. @throws TooManyRequests */
  requireOpen(buckets: readonly Bucket[]): void {
    const closed = this.knownClosed(buckets);
    if (closed.length > 0) throw this.refusal(buckets, closed);
  }

  /** What keeps the caller out, as far as this process has met it. */
  knownClosed(buckets: readonly Bucket[]): Closed[] {
    if (!this.config.rateLimits) return [];
    const now = performance.now();
    return buckets.flatMap((bucket) => {
      const shutMillis = bucket.yields ? 0 : this.shut.millisLeft(bucket.key, now);
      const pastItsFew = shutMillis === 0 && bucket.few !== undefined;
      const millis = pastItsFew ? this.pastTheirFew.millisLeft(bucket.key, now) : shutMillis;
      return millis > 0 ? [{ bucket, millis, pastItsFew }] : [];
    });
  }

  /**
   * One on each of the buckets, or on none. @returns what they hold then; nothing where limits are off
   * @throws TooManyRequests when one keeps the caller out
   */
  async count(buckets: readonly Bucket[]): Promise<Level[]> {
    const { levels, closed } = await this.attempt(buckets);
    if (closed.length > 0) throw this.refusal(buckets, closed);
    return levels;
  }

  /** As `count`. @param asks the database, whatever this process has met */
  async attempt(buckets: readonly Bucket[], asks = false): Promise<Attempt> {
    const known = asks ? [] : this.knownClosed(buckets);
    if (known.length > 0) return { levels: [], closed: known };
    const levels = await this.take(buckets);
    const closed = closedBy(levels);
    if (closed.length === 0) return { levels, closed };
    this.takeBack(levels);
    const now = performance.now();
    for (const { bucket, millis, pastItsFew } of closed) if (pastItsFew) this.pastTheirFew.add(bucket.key, millis, now);
    return { levels: [], closed };
  }

  /** One on each that is not shut; the others are named, too. */
  async take(buckets: readonly Bucket[]): Promise<Level[]> {
    if (!this.config.rateLimits) return [];
    const [own] = buckets;
    if (own) await this.giveBacks.settled(own.key);
    const levels = await this.ledger.count(buckets, this.shut);
    const now = performance.now();
    for (const { bucket, refused, shutMillis } of levels) {
      if (refused) this.shut.add(bucket.key, shutMillis, now);
      else this.shut.delete(bucket.key);
    }
    return levels;
  }

  /** For what was given back while it was found shut: forgets that, once it is true no more. */
  async reopen(closed: readonly Closed[]): Promise<void> {
    for (const { bucket } of closed) {
      this.shut.delete(bucket.key);
      await this.giveBacks.settled(bucket.key);
    }
  }

  /** Takes back what was counted, and lets in who waits for that. @param emptied the one of which nothing is to be left */
  giveBack(levels: readonly Level[], emptied?: Bucket): void {
    this.takeBack(levels, emptied);
    for (const { bucket } of levels) this.underWay.free(bucket.key);
  }

  /**
   * Whichever of the buckets is shut, the caller is shown the first alone: that there is nothing left of it. While tries of the
   * caller's own are being looked at, the wait is short: they may be right, and nobody else's tries are told by that.
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
      this.shut.delete(bucket.key);
      this.pastTheirFew.delete(bucket.key);
    }
    this.ledger.takeBack(counted, emptied);
  }
}
