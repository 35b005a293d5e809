import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RecurringWork } from '../../platform/recurring-work.js';
import { RateLimitsRepository } from './rate-limits.repository.js';

const EVERY_MILLIS = 300_000;
const BATCH = 500;

/** Deletes expired counters. Every replica does this, without waiting for the others. */
@Injectable()
export class ExpiredLimits implements OnModuleInit, OnModuleDestroy {
  private readonly clearing = new RecurringWork(EVERY_MILLIS, (signal) => this.clear(signal));

  constructor(private readonly rows: RateLimitsRepository) {}

  onModuleInit(): void {
    this.clearing.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.clearing.stop();
  }

  async clear(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.rows.deleteExpired(BATCH)) === BATCH);
  }
}
