import { Injectable } from '@nestjs/common';
import type { Bucket, Level } from '../bucket.value.js';
import type { Closed } from './closed.value.js';
import { type Attempt, Counters } from './counters.service.js';
import { GiveBacks } from './give-backs.service.js';
import { UnderWay } from './under-way.service.js';

/** How long a try waits for others. A refusal is sent within a second. */
const PATIENCE_MILLIS = 900;

/**
 * Tries that take a while to verify, such as passwords. A try is
 * - counted first, so that no more than the quota are ever verified at once;
 * - verified, and if it was right given back, which is to say taken off the count again;
 * - or, if only tries still under way here keep it out, waiting until one of those is given back (or the patience ends);
 * - or refused. A refusal is outdated if a try was given back while it was found: then the try is counted once more.
 */
@Injectable()
export class Turns {
  constructor(
    private readonly counters: Counters,
    private readonly giveBacks: GiveBacks,
    private readonly underWay: UnderWay,
  ) {}

  /** Cheaply refuses a caller who is known to be locked out, unless tries under way may lift that. @throws TooManyRequests */
  requireOpenOrReopening(buckets: readonly Bucket[]): void {
    const closed = this.counters.knownClosed(buckets);
    if (closed.length > 0 && !this.mayReopenSoon(closed)) throw this.counters.refusal(buckets, closed);
  }

  /**
   * Counts a try on all of the buckets and verifies it. A try that only others under way here keep out waits for a moment: each
   * of those that turns out right lets one waiting try go on, and each that turns out wrong lets none.
   * @param look verifies the try. It gets the levels of the buckets, and must call `Counters.giveBack` if the try was right
   * @throws TooManyRequests
   */
  async take<T>(buckets: readonly Bucket[], look: (levels: Level[]) => Promise<T>): Promise<T> {
    const keys = buckets.map(({ key }) => key);
    const levels = await this.begin(buckets, keys);
    try {
      return await look(levels);
    } finally {
      this.underWay.end(keys);
    }
  }

  /** A try is under way from before it is counted: if two compete for the last place, either may be the one that gives it back. */
  private async begin(buckets: readonly Bucket[], keys: readonly Buffer[]): Promise<Level[]> {
    const patience = performance.now() + PATIENCE_MILLIS;
    this.underWay.begin(keys);
    for (let ignoresMemory = false; ; ignoresMemory = true) {
      const { levels, closed, outdated } = await this.attempt(buckets, keys, ignoresMemory);
      const [first] = closed;
      if (!first) return levels;
      this.underWay.end(keys);
      if (
        this.mayReopenSoon(closed) &&
        (await this.underWay.wait(first.bucket.key, keys, patience - performance.now()))
      ) {
        await this.giveBacks.settled(first.bucket.key);
      } else if (outdated && performance.now() < patience) {
        this.underWay.begin(keys);
      } else {
        throw this.counters.refusal(buckets, closed);
      }
    }
  }

  /** @returns outdated: every bucket that refuses had something given back while the try was being counted */
  private async attempt(
    buckets: readonly Bucket[],
    keys: readonly Buffer[],
    ignoresMemory: boolean,
  ): Promise<Attempt & { outdated: boolean }> {
    try {
      const before = new Map(keys.map((key) => [key, this.underWay.givenBack(key)]));
      const { levels, closed } = await this.counters.attempt(buckets, ignoresMemory);
      const outdated = closed.every(
        ({ bucket: { key }, overReducedQuota }) =>
          !overReducedQuota && (this.underWay.givenBack(key) !== before.get(key) || this.giveBacks.has(key)),
      );
      if (outdated) await this.counters.reopen(closed);
      return { levels, closed, outdated };
    } catch (error) {
      this.underWay.end(keys);
      throw error;
    }
  }

  /** Whether every bucket that refuses has tries under way here, which open it again if they turn out right. */
  private mayReopenSoon(closed: readonly Closed[]): boolean {
    return closed.every(({ bucket }) => this.underWay.has(bucket.key));
  }
}
