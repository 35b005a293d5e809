import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { sqlState } from '../../platform/database/trouble.js';
import { EventLog } from '../../platform/event-log.js';
import { showQuotas } from '../../platform/request-context.js';
import type { Bucket, Level } from '../bucket.value.js';
import { closedBy } from './closed.value.js';
import { GiveBacks } from './give-backs.service.js';
import { Insurance } from './insurance.service.js';
import { TooManyRequests } from '../limits.errors.js';
import { RateLimitsRepository } from './rate-limits.repository.js';
import { shownLimits } from '../shown-limits.value.js';
import { ShutBuckets } from './shut-buckets.value.js';
import { UnderWay } from './under-way.value.js';

/** When to come again to learn what became of the tries that are being looked at. */
const SOON_MILLIS = 1_000;

/** Counts for all replicas in the database, and in this process while the database cannot. Never lets in what it could not count. */
@Injectable()
export class Counters implements OnModuleInit {
  private readonly shut = new ShutBuckets();
  private readonly pastTheirFew = new ShutBuckets();
  private readonly underWay = new UnderWay();
  private insured = false;

  constructor(
    private readonly rows: RateLimitsRepository,
    private readonly giveBacks: GiveBacks,
    private readonly insurance: Insurance,
    private readonly config: Config,
    private readonly log: EventLog,
  ) {}

  onModuleInit(): void {
    if (!this.config.rateLimits && this.config.production)
      this.log.warn('rate_limits_off', {
        advice: 'RATE_LIMITS=off is for load tests: passwords can be guessed at will.',
      });
  }

  /** Costs nothing, and knows only what this process has met. @throws TooManyRequests */
  requireOpen(buckets: readonly Bucket[]): void {
    if (!this.config.rateLimits) return;
    const now = performance.now();
    const longest = Math.max(0, ...buckets.map((bucket) => this.millisClosed(bucket, now)));
    if (longest > 0) throw this.refusal(buckets, longest);
  }

  /**
   * One on each of the buckets, or on none. @returns what they hold then; nothing where limits are off
   * @throws TooManyRequests when one keeps the caller out
   */
  async count(buckets: readonly Bucket[]): Promise<Level[]> {
    this.requireOpen(buckets);
    const levels = await this.take(buckets);
    const closed = closedBy(levels);
    if (closed.length === 0) return levels;
    this.giveBack(levels);
    const now = performance.now();
    for (const { bucket, millis, pastItsFew } of closed) if (pastItsFew) this.pastTheirFew.add(bucket.key, millis, now);
    throw this.refusal(buckets, Math.max(...closed.map(({ millis }) => millis)));
  }

  /** One on each that is not shut; the others are named, too. */
  async take(buckets: readonly Bucket[]): Promise<Level[]> {
    if (!this.config.rateLimits) return [];
    const [own] = buckets;
    if (own) await this.giveBacks.settled(own.key);
    const levels = await this.ask(buckets);
    const now = performance.now();
    for (const { bucket, refused, shutMillis } of levels) if (refused) this.shut.add(bucket.key, shutMillis, now);
    return levels;
  }

  /** Looks at what was counted on the caller's own bucket: only then is it known whether it is given back. */
  lookAt<T>(own: Bucket, look: () => Promise<T>): Promise<T> {
    return this.underWay.during(own.key, look);
  }

  /** Takes back what was counted, where it was counted. @param emptied the one of which nothing is to be left */
  giveBack(levels: readonly Level[], emptied?: Bucket): void {
    const counted = levels.filter(({ refused }) => !refused);
    for (const { bucket, inMemory } of counted) {
      this.shut.delete(bucket.key);
      this.pastTheirFew.delete(bucket.key);
      if (inMemory) void this.insurance.giveBack(bucket, bucket === emptied);
    }
    const inDatabase = counted.filter(({ inMemory }) => !inMemory);
    this.giveBacks.add(inDatabase.map(({ bucket }) => ({ key: bucket.key, points: bucket === emptied ? null : 1 })));
  }

  /**
   * Whichever of the buckets is shut, the caller is shown the first alone: that there is nothing left of it. While tries of the
   * caller's own are being looked at, the wait is short: they may be right, and nobody else's tries are told by that.
   */
  refusal([own]: readonly Bucket[], closedMillis: number): TooManyRequests {
    const shutMillis = own && this.underWay.has(own.key) ? Math.min(closedMillis, SOON_MILLIS) : closedMillis;
    if (own)
      showQuotas(shownLimits([{ bucket: own, refused: true, inMemory: false, points: 0, shutMillis, endsMillis: 0 }]));
    return new TooManyRequests(shutMillis);
  }

  private millisClosed({ key, yields, few }: Bucket, now: number): number {
    const shutMillis = yields ? 0 : this.shut.millisLeft(key, now);
    return few === undefined ? shutMillis : Math.max(shutMillis, this.pastTheirFew.millisLeft(key, now));
  }

  private async ask(buckets: readonly Bucket[]): Promise<Level[]> {
    try {
      const levels = await this.askDatabase(buckets);
      this.insured = false;
      return levels;
    } catch (error) {
      if (!this.insured) this.log.warn('rate_limits_in_memory', { sqlState: sqlState(error) ?? null });
      this.insured = true;
      return this.insurance.count(buckets);
    }
  }

  private async askDatabase(buckets: readonly Bucket[]): Promise<Level[]> {
    const counted = await this.rows.count(buckets);
    const rowOf = <Row extends { key: Buffer }>(rows: readonly Row[], { key }: Bucket): Row | undefined =>
      rows.find((row) => row.key.equals(key));
    const now = performance.now();
    const known = new Map(buckets.map((bucket) => [bucket, this.shut.millisLeft(bucket.key, now)]));
    const unknown = buckets.filter((bucket) => !rowOf(counted, bucket) && !known.get(bucket));
    const shut = unknown.length > 0 ? await this.rows.findShut(unknown.map(({ key }) => key)) : [];
    return buckets.map((bucket) => {
      const row = rowOf(counted, bucket);
      if (row) return { ...row, bucket, refused: false, inMemory: false };
      // It may have opened since; whoever was refused comes again in a second.
      const shutMillis = known.get(bucket) || (rowOf(shut, bucket)?.shutMillis ?? 1);
      return { bucket, refused: true, inMemory: false, points: bucket.rule.quota, shutMillis, endsMillis: shutMillis };
    });
  }
}
