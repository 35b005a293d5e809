import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { isDatabaseTrouble, sqlState } from '../../platform/database/trouble.js';
import { Metrics } from '../../platform/instruments/metrics.js';
import { EventLog } from '../../platform/log/event-log.js';
import { RecurringWork } from '../../platform/recurring-work.js';
import { ChainRepository } from './chain.repository.js';
import { Sealer } from './sealer.service.js';

/** Roughly the longest time that an event is unsealed. */
const EVERY_MILLIS = 10_000;
/** Few enough to have no noticeable effect. */
const BATCH = 1_000;

/** Seals new events, and erases old ones and old IP addresses. Every replica tries; one succeeds. */
@Injectable()
export class ChainWatch implements OnModuleInit, OnModuleDestroy {
  /** In seconds since the Unix epoch. Starts with the current time: until now another replica has sealed events. */
  private sealedAt = Date.now() / 1000;
  private readonly looking = new RecurringWork(EVERY_MILLIS, (signal) => this.look(signal));
  /** The last failure, so that a persistent one is logged only once. */
  private failure = '';

  constructor(
    private readonly sealer: Sealer,
    private readonly chain: ChainRepository,
    private readonly config: Config,
    private readonly events: EventLog,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'auth_audit_sealed_timestamp_seconds',
      'Last time that this replica saw all audit events sealed, in seconds since the Unix epoch.',
      () => this.sealedAt,
    );
  }

  onModuleInit(): void {
    this.looking.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looking.stop();
  }

  /** Removes events older than AUDIT_DAYS, and addresses older than AUDIT_IP_DAYS. */
  async clear(signal?: AbortSignal): Promise<void> {
    const { auditIpDays, auditDays } = this.config;
    while (!signal?.aborted && (await this.chain.eraseIps(auditIpDays, BATCH)) === BATCH);
    while (auditDays > 0 && !signal?.aborted && (await this.chain.removeOld(auditDays, BATCH)));
  }

  private async look(signal: AbortSignal): Promise<void> {
    try {
      await this.sealer.seal(signal);
      this.sealedAt = Date.now() / 1000;
      await this.clear(signal);
      this.failure = '';
    } catch (error) {
      this.tell(failureOf(error));
    }
  }

  private tell(failure: string): void {
    if (failure !== '' && failure !== this.failure) this.events.warn('audit_not_sealed', { failure });
    this.failure = failure;
  }
}

/** An unreachable database is not reported here: it is reported elsewhere and recovers by itself. */
function failureOf(error: unknown): string {
  if (isDatabaseTrouble(error)) return '';
  return sqlState(error) ?? (error instanceof Error ? error.name : typeof error);
}
