import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RecurringWork } from '../platform/recurring-work.js';
import { RevocationsRepository } from './revocations.repository.js';

const EVERY_MILLIS = 30_000;
/** Small enough to have no noticeable effect. */
const BATCH = 1_000;

/** Deletes entries that no valid access token needs. Every replica tries; one succeeds. */
@Injectable()
export class DeadRevocations implements OnModuleInit, OnModuleDestroy {
  private readonly clearing = new RecurringWork(EVERY_MILLIS, (signal) => this.clear(signal));

  constructor(private readonly revocations: RevocationsRepository) {}

  onModuleInit(): void {
    this.clearing.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.clearing.stop();
  }

  async clear(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.revocations.deleteDead(BATCH)) > 0);
  }
}
