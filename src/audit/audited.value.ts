import { v7 as uuidv7 } from 'uuid';
import type { AuditEventName } from './audit-event.value.js';

/** The columns of an audit row, as SQL expressions over the changed rows. Missing ones are null or empty. */
export interface AuditedAs {
  type: AuditEventName;
  actor?: string;
  subject?: string;
  session?: string;
  detail?: string;
  /** If given, all changed rows make one audit row, if this condition holds. */
  having?: string;
}

/**
 * Extends a statement so that it also writes an audit row, in the same round trip, if it changes a row.
 * @param statement changes at most one row, unless `as.having` is given; must return the columns that `as` uses
 * @param places number of the statement's parameters; `auditValues` follow them
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
 * A further CTE for a statement with several ones: inserts an audit row for each row of `from`.
 * @param more for a second such CTE in a statement: its name and the SQL of its row's id
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

/** The parameters after the statement's own: the id of the audit row, the request id and the IP address. */
export function auditValues(request: { requestId: string; ip: string | null } | undefined): unknown[] {
  return [uuidv7(), request?.requestId ?? null, request?.ip ?? null];
}
