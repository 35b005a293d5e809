import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RevocationsRepository } from './revocations.repository.js';

const EVERY_MILLIS = 30_000;
/** Few enough that nobody notices. */
const BATCH = 1_000;

/** Clears out what lives no more: every replica tries, one does it. */
@Injectable()
export class DeadRevocations implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(private readonly revocations: RevocationsRepository) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      // What a failure leaves behind, the next time finds.
      this.running ??= this.clear()
        .catch(() => undefined)
        .finally(() => (this.running = null));
    }, EVERY_MILLIS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  async clear(): Promise<void> {
    while (!this.stopped && (await this.revocations.deleteDead(BATCH)) > 0);
  }
}
