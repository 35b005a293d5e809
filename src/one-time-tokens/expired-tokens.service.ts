import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RecurringWork } from '../platform/recurring-work.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

const EVERY_MILLIS = 600_000;
const BATCH = 500;

/** Deletes expired tokens. Every replica does this, without waiting for the others. */
@Injectable()
export class ExpiredTokens implements OnModuleInit, OnModuleDestroy {
  private readonly clearing = new RecurringWork(EVERY_MILLIS, (signal) => this.clear(signal));

  constructor(private readonly tokens: OneTimeTokensRepository) {}

  onModuleInit(): void {
    this.clearing.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.clearing.stop();
  }

  async clear(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.tokens.deleteExpired(BATCH)) === BATCH);
  }
}
