import { AsyncResource } from 'node:async_hooks';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type GivenBack, RateLimitsRepository } from './rate-limits.repository.js';

/**
 * Gives back what was counted and turned out right. Behind the answer, and what comes meanwhile together in one statement: a
 * login waits for it only where it is about to count on the same bucket.
 */
@Injectable()
export class GiveBacks implements OnModuleDestroy {
  /** Made where there is no request and no transaction: what is given back belongs to none. */
  private readonly apart = new AsyncResource('GiveBacks');
  private waiting: GivenBack[] = [];
  private sending: readonly GivenBack[] = [];
  private work: Promise<void> | null = null;

  constructor(private readonly rows: RateLimitsRepository) {}

  async onModuleDestroy(): Promise<void> {
    await this.work;
  }

  add(given: readonly GivenBack[]): void {
    this.waiting.push(...given);
    if (this.waiting.length > 0) this.work ??= this.apart.runInAsyncScope(() => this.send());
  }

  /** Resolves once nothing is under way that would lower this bucket. */
  async settled(key: Buffer): Promise<void> {
    if ([...this.sending, ...this.waiting].some((given) => given.key.equals(key))) await this.work;
  }

  /** What fails is lost: a count too many, which is forgotten in time like any. */
  private async send(): Promise<void> {
    while (this.waiting.length > 0) {
      [this.sending, this.waiting] = [this.waiting, []];
      await this.rows.giveBack(this.sending).catch(() => undefined);
    }
    this.sending = [];
    this.work = null;
  }
}
