import { AsyncResource } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type GivenBack, RateLimitsRepository } from './rate-limits.repository.js';

/** How long to wait for a pending give-back, in a request or at shutdown. After that the count is at worst one too high. */
const PATIENCE_MILLIS = 1_000;

/** What is given back by one statement. */
class Batch {
  readonly given: GivenBack[] = [];
  readonly sent: Promise<void>;
  finish!: () => void;

  constructor() {
    this.sent = new Promise((resolve) => (this.finish = resolve));
  }

  has(key: Buffer): boolean {
    return this.given.some((given) => given.key.equals(key));
  }
}

/**
 * Takes right tries off the count again. It does so after the response, and gathers what arrives meanwhile into one statement.
 * A login waits for it only if it is about to count on the same bucket.
 */
@Injectable()
export class GiveBacks implements OnModuleDestroy {
  /** Made where there is no request and no transaction: what is given back belongs to none. */
  private readonly apart = new AsyncResource('GiveBacks');
  private waiting = new Batch();
  private sending: Batch | null = null;

  constructor(private readonly rows: RateLimitsRepository) {}

  async onModuleDestroy(): Promise<void> {
    const batches = [this.sending, this.waiting].filter((batch) => batch?.given.length);
    await soon(batches.map((batch) => batch?.sent));
  }

  add(given: readonly GivenBack[]): void {
    this.waiting.given.push(...given);
    if (given.length > 0 && !this.sending) void this.apart.runInAsyncScope(() => this.send());
  }

  /** Whether something is under way that lowers this bucket. */
  has(key: Buffer): boolean {
    return this.batchesOf(key).length > 0;
  }

  /** Resolves once nothing is under way that would lower this bucket, or when that takes too long. */
  async settled(key: Buffer): Promise<void> {
    await soon(this.batchesOf(key).map(({ sent }) => sent));
  }

  private batchesOf(key: Buffer): Batch[] {
    return [this.sending, this.waiting].filter((batch) => batch !== null).filter((batch) => batch.has(key));
  }

  /** A failed statement is not repeated: the count stays one too high until it is forgotten as usual. */
  private async send(): Promise<void> {
    while (this.waiting.given.length > 0) {
      const batch = (this.sending = this.waiting);
      this.waiting = new Batch();
      await this.rows.giveBack(batch.given).catch(() => undefined);
      batch.finish();
    }
    this.sending = null;
  }
}

/** All of them, or as many as have come after a while. */
async function soon(coming: readonly unknown[]): Promise<void> {
  if (coming.length === 0) return;
  const end = new AbortController();
  const late = pause(PATIENCE_MILLIS, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
  await Promise.race([Promise.all(coming), late]);
  end.abort();
}
