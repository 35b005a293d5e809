import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { RecurringWork } from '../../platform/recurring-work.js';
import { SignalUpkeepRepository } from './signal-upkeep.repository.js';

const EVERY_MILLIS = 600_000;
/** Small enough to have no noticeable effect. */
const BATCH = 1_000;

/** Stores the receivers in the database and deletes old signals. Every replica does this every ten minutes. */
@Injectable()
export class SignalUpkeep implements OnModuleInit, OnModuleDestroy {
  private readonly receiverIds: readonly string[];
  private readonly accountReceiverIds: readonly string[];
  private readonly keeping = new RecurringWork(EVERY_MILLIS, (signal) => this.keep(signal));

  constructor(
    private readonly signals: SignalUpkeepRepository,
    { ssfReceivers, ssfAccountReceivers }: Config,
  ) {
    this.receiverIds = ssfReceivers.map(({ id }) => id);
    this.accountReceiverIds = ssfAccountReceivers;
  }

  /** The replica serves nobody before what happens from now on is kept for its receivers. */
  async onModuleInit(): Promise<void> {
    await this.signals.keepReceivers(this.receiverIds, this.accountReceiverIds);
    this.keeping.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.keeping.stop();
  }

  async keep(signal?: AbortSignal): Promise<void> {
    await this.signals.keepReceivers(this.receiverIds, this.accountReceiverIds);
    while (!signal?.aborted && (await this.signals.deleteOld(BATCH)) > 0);
  }
}
