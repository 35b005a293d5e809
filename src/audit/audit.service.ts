import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.service.js';
import { EventLog } from '../platform/log/event-log.js';
import { currentRequest } from '../platform/request-context.js';
import { ALARMING, type AuditEvent } from './audit-event.value.js';
import { AuditRepository } from './audit.repository.js';

/** The one place for what must be known later: each event is a row of the audit log and a line of the service's log. */
@Injectable()
export class AuditService {
  constructor(
    private readonly rows: AuditRepository,
    private readonly database: Database,
    private readonly log: EventLog,
  ) {}

  /** Within a transaction the row stays if the change does. Which request, from where and when is found here. */
  async record(event: AuditEvent): Promise<void> {
    await this.rows.insert(event);
    this.tell(event);
  }

  /** Many of one kind: a row for each, and one line of how many. */
  async recordAll(events: readonly AuditEvent[]): Promise<void> {
    const [first] = events;
    if (!first) return;
    await this.rows.insertAll(events);
    this.database.afterCommit(() => this.log.record(first.type, { count: events.length }));
  }

  /** Only the line: for an event whose row the statement that changed something has written (`audited`). */
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
