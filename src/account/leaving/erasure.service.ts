import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { Config } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.service.js';
import { RecurringWork } from '../../platform/recurring-work.js';
import { StandingService } from '../../users/standing/standing.service.js';

const EVERY_MILLIS = 600_000;
/** Small enough to stay within the time limits of the database, however much data belongs to each account. */
const BATCH = 20;

/**
 * Erases accounts that were closed ACCOUNT_ERASURE_DAYS ago, with all their data; only the audit log keeps the id. Every replica
 * does this, without waiting for the others.
 */
@Injectable()
export class Erasure implements OnModuleInit, OnModuleDestroy {
  private readonly erasing = new RecurringWork(EVERY_MILLIS, (signal) => this.erase(signal));

  constructor(
    private readonly standing: StandingService,
    private readonly database: Database,
    private readonly config: Config,
    private readonly audit: AuditService,
  ) {}

  onModuleInit(): void {
    this.erasing.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.erasing.stop();
  }

  async erase(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.eraseSome()) === BATCH);
  }

  private eraseSome(): Promise<number> {
    return this.database.inTransaction(async () => {
      const erased = await this.standing.eraseClosed(this.config.accountErasureDays, BATCH);
      for (const subjectId of erased) await this.audit.record({ type: 'account_erased', actorId: null, subjectId });
      return erased.length;
    });
  }
}
