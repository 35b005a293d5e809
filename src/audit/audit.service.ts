import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.service.js';
import { EventLog } from '../platform/log/event-log.js';
import { currentRequest } from '../platform/request-context.js';
import { ALARMING, type AuditEvent } from './audit-event.value.js';
import { AuditRepository } from './audit.repository.js';

/** Records security events. Each event becomes a row of the audit log and a line in the service's log. */
@Injectable()
export class AuditService {
  constructor(
    private readonly rows: AuditRepository,
    private readonly database: Database,
    private readonly log: EventLog,
  ) {}

  /**
   * Within a transaction the row is rolled back with it, and the line is logged after the commit. Time, request id and IP
   * address are added here.
   */
  async record(event: AuditEvent): Promise<void> {
    await this.rows.insert(event);
    this.tell(event);
  }

  /** Records events of one type: a row for each, but a single log line with their number. */
  async recordAll(events: readonly AuditEvent[]): Promise<void> {
    const [first] = events;
    if (!first) return;
    await this.rows.insertAll(events);
    this.database.afterCommit(() => this.log.record(first.type, { count: events.length }));
  }

  /** Logs an event without writing a row, because the statement that made the change has written it (see `audited`). */
  tell({ type, actorId, subjectId, sessionId, detail }: AuditEvent): void {
    const fields = {
      userId: subjectId,
      actorId,
      ...(sessionId && { sessionId }),
      ...detail,
      ip: currentRequest()?.ip ?? null,
    };
    const write = ALARMING.has(type) ? 'warn' : 'record';
    this.database.afterCommit(() => this.log[write](type, fields));
  }
}
