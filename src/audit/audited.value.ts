import { v7 as uuidv7 } from 'uuid';
import type { AuditEventName } from './audit-event.value.js';

/** How a statement fills its audit row: SQL over the rows that it changed. What is not given is null, or empty. */
export interface AuditedAs {
  type: AuditEventName;
  actor?: string;
  subject?: string;
  session?: string;
  detail?: string;
  /** Makes one row of all that were changed, if it holds of them. */
  having?: string;
}

/**
 * A statement that, when it changes a row, writes an audit row at once and in the same round trip.
 * @param statement changes one row at most, or else `as.having` is given; RETURNING what `as` speaks of
 * @param places how many values it takes; `auditValues` follow them
 */
export function audited<Statement extends { text: string }>(
  statement: Statement,
  places: number,
  as: AuditedAs,
): Statement {
  const text = `WITH changed AS (${statement.text}), ${auditRows('changed', places, as)} SELECT * FROM changed`;
  return { ...statement, text };
}

/**
 * The same for a statement that has several parts: one more part, which writes for what is in `from`.
 * @param more for a second of them: what it is called, and the place of its row's id
 */
export function auditRows(from: string, places: number, as: AuditedAs, more?: { name: string; id: string }): string {
  const [first, request, ip] = [1, 2, 3].map((place) => `$${places + place}`);
  const { name, id } = more ?? { name: 'audited', id: first };
  return `${name} AS (
    INSERT INTO audit_events (id, type, actor_id, subject_id, session_id, request_id, ip, detail)
    SELECT ${id}::uuid, '${as.type}', ${as.actor ?? 'NULL::uuid'}, ${as.subject ?? 'NULL::uuid'},
           ${as.session ?? 'NULL::uuid'}, ${request}::text, ${ip}::text, ${as.detail ?? `'{}'::jsonb`}
      FROM ${from}${as.having ? ` HAVING ${as.having}` : ''})`;
}

/** What follows an audited statement's own values: the row's id, and which request from where, if any. */
export function auditValues(request: { requestId: string; ip: string | null } | undefined): unknown[] {
  return [uuidv7(), request?.requestId ?? null, request?.ip ?? null];
}
