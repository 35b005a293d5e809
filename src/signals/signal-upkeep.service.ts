import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import { SignalsRepository } from './signals.repository.js';

const EVERY_MILLIS = 600_000;
/** Few enough that nobody notices. */
const BATCH = 1_000;

/** Tells the database who receives signals, and clears out what nobody fetched: every replica, every ten minutes. */
@Injectable()
export class SignalUpkeep implements OnModuleInit, OnModuleDestroy {
  private readonly receiverIds: readonly string[];
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly signals: SignalsRepository,
    { ssfReceivers }: Config,
  ) {
    this.receiverIds = ssfReceivers.map(({ id }) => id);
  }

  /** The replica serves nobody before what is closed from now on is kept for its receivers. */
  async onModuleInit(): Promise<void> {
    await this.signals.keepReceivers(this.receiverIds);
    this.timer = setInterval(() => {
      // What a failure leaves behind, the next time finds.
      this.running ??= this.keep()
        .catch(() => undefined)
        .finally(() => (this.running = null));
    }, EVERY_MILLIS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  async keep(): Promise<void> {
    await this.signals.keepReceivers(this.receiverIds);
    while (!this.stopped && (await this.signals.deleteOld(BATCH)) > 0);
  }
}
