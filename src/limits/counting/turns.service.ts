import { Injectable } from '@nestjs/common';
import type { Bucket, Level } from '../bucket.value.js';
import type { Closed } from './closed.value.js';
import { type Attempt, Counters } from './counters.service.js';
import { GiveBacks } from './give-backs.service.js';
import { UnderWay } from './under-way.service.js';

/** How long a try waits for others. Who is refused is told so within a second. */
const PATIENCE_MILLIS = 900;

/** Tries that it takes a while to look at, and that are given back if they are right. */
@Injectable()
export class Turns {
  constructor(
    private readonly counters: Counters,
    private readonly giveBacks: GiveBacks,
    private readonly underWay: UnderWay,
  ) {}

  /** Refuses at no cost who is known to be shut out, and has nothing to wait for. @throws TooManyRequests */
  requireHope(buckets: readonly Bucket[]): void {
    const closed = this.counters.knownClosed(buckets);
    if (closed.length > 0 && !this.isHopeful(closed)) throw this.counters.refusal(buckets, closed);
  }

  /**
   * Counts one on each of the buckets, and looks at it. Whom nothing keeps out but tries that are being looked at here, waits for a
   * moment: for each that turns out right one goes on. What turns out wrong lets nobody in.
   * @param look is given what the buckets hold, and is to give back (`Counters.giveBack`) what was right
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

  /** A try that is being counted is under way as well: of two who meet the last place, each may be the one that gives it back. */
  private async begin(buckets: readonly Bucket[], keys: readonly Buffer[]): Promise<Level[]> {
    const patience = performance.now() + PATIENCE_MILLIS;
    this.underWay.begin(keys);
    for (let asks = false; ; asks = true) {
      const { levels, closed, overtaken } = await this.attempt(buckets, keys, asks);
      const [first] = closed;
      if (!first) return levels;
      this.underWay.end(keys);
      if (this.isHopeful(closed) && (await this.underWay.wait(first.bucket.key, keys, patience - performance.now()))) {
        await this.giveBacks.settled(first.bucket.key);
      } else if (overtaken && performance.now() < patience) {
        this.underWay.begin(keys);
      } else {
        throw this.counters.refusal(buckets, closed);
      }
    }
  }

  /** @returns overtaken: while it was counted, something was given back of all that keeps the caller out */
  private async attempt(
    buckets: readonly Bucket[],
    keys: readonly Buffer[],
    asks: boolean,
  ): Promise<Attempt & { overtaken: boolean }> {
    try {
      const before = new Map(keys.map((key) => [key, this.underWay.givenBack(key)]));
      const { levels, closed } = await this.counters.attempt(buckets, asks);
      const overtaken = closed.every(
        ({ bucket: { key }, pastItsFew }) =>
          !pastItsFew && (this.underWay.givenBack(key) !== before.get(key) || this.giveBacks.has(key)),
      );
      if (overtaken) await this.counters.reopen(closed);
      return { levels, closed, overtaken };
    } catch (error) {
      this.underWay.end(keys);
      throw error;
    }
  }

  private isHopeful(closed: readonly Closed[]): boolean {
    return closed.every(({ bucket }) => this.underWay.has(bucket.key));
  }
}
