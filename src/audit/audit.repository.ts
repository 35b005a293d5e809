import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../platform/database/database.service.js';
import { currentRequest } from '../platform/request-context.js';
import type { AuditEvent } from './audit-event.value.js';
import { auditValues } from './audited.value.js';

const INSERT: Statement = {
  name: 'audit_insert',
  text: `
    INSERT INTO audit_events (type, actor_id, subject_id, session_id, detail, id, request_id, ip)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
};

@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  async insert({ type, actorId, subjectId, sessionId = null, detail }: AuditEvent): Promise<void> {
    const values = [type, actorId, subjectId, sessionId, JSON.stringify(detail ?? {})];
    await this.database.query(INSERT, [...values, ...auditValues(currentRequest())]);
  }
}
