import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RecurringWork } from '../platform/recurring-work.js';
import { SessionsRepository } from './sessions.repository.js';

const EVERY_MILLIS = 600_000;
/** Small enough to have no noticeable effect. */
const BATCH = 500;

/** Deletes sessions that ended a while ago. Every replica does this, without waiting for the others. */
@Injectable()
export class EndedSessions implements OnModuleInit, OnModuleDestroy {
  private readonly clearing = new RecurringWork(EVERY_MILLIS, (signal) => this.clear(signal));

  constructor(private readonly sessions: SessionsRepository) {}

  onModuleInit(): void {
    this.clearing.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.clearing.stop();
  }

  async clear(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.sessions.deleteEnded(BATCH)) === BATCH);
  }
}
