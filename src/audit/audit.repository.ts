import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
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

const INSERT_ALL: Statement = {
  name: 'audit_insert_all',
  text: `
    INSERT INTO audit_events (id, type, actor_id, subject_id, session_id, detail, request_id, ip)
    SELECT event.*, $7::text, $8::text
      FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::jsonb[]) AS event`,
};

@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  async insert({ type, actorId, subjectId, sessionId = null, detail }: AuditEvent): Promise<void> {
    const values = [type, actorId, subjectId, sessionId, JSON.stringify(detail ?? {})];
    await this.database.query(INSERT, [...values, ...auditValues(currentRequest())]);
  }

  async insertAll(events: readonly AuditEvent[]): Promise<void> {
    const request = currentRequest();
    await this.database.query(INSERT_ALL, [
      events.map(() => uuidv7()),
      events.map(({ type }) => type),
      events.map(({ actorId }) => actorId),
      events.map(({ subjectId }) => subjectId),
      events.map(({ sessionId = null }) => sessionId),
      events.map(({ detail }) => JSON.stringify(detail ?? {})),
      ...[request?.requestId ?? null, request?.ip ?? null],
    ]);
  }
}
