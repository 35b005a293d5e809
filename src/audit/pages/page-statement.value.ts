import type { AuditEventDetail, AuditEventName } from '../audit-event.value.js';
import type { PagePlace } from './page-place.value.js';

/** Events must match all given filters. */
export interface EventFilters {
  type?: string | undefined;
  actorId?: string | undefined;
  subjectId?: string | undefined;
  /** At this time or later. */
  from?: Date | undefined;
  /** Before this time. */
  to?: Date | undefined;
}

/** An event as it is listed. */
export interface ListedEvent {
  id: string;
  type: AuditEventName;
  actorId: string | null;
  subjectId: string | null;
  sessionId: string | null;
  requestId: string | null;
  ip: string | null;
  detail: AuditEventDetail;
  createdAt: Date;
}

const CONDITIONS: Readonly<Record<keyof EventFilters, (place: string) => string>> = {
  type: (place) => `type = ${place}`,
  actorId: (place) => `actor_id = ${place}`,
  subjectId: (place) => `subject_id = ${place}`,
  from: (place) => `created_at >= ${place}`,
  to: (place) => `created_at < ${place}`,
};
const NAMES = Object.keys(CONDITIONS) as (keyof EventFilters)[];

/**
 * Selects events after `place`, newest first. Only the given filters are in the statement, so that each combination has its own
 * plan and uses the index with the right order.
 */
export function pageStatement(
  filters: EventFilters,
  place: PagePlace | null,
  limit: number,
): { name: string; text: string; values: unknown[] } {
  const given = NAMES.filter((name) => filters[name] !== undefined);
  const values: unknown[] = [limit, ...given.map((name) => filters[name])];
  const conditions = given.map((name, index) => CONDITIONS[name](`$${index + 2}`));
  if (place) {
    values.push(place.createdAt, place.id);
    conditions.push(`(created_at, id) < ($${values.length - 1}, $${values.length})`);
  }
  const text = `
    SELECT id, type, actor_id AS "actorId", subject_id AS "subjectId", session_id AS "sessionId", request_id AS "requestId",
           ip, detail, created_at AS "createdAt"
      FROM audit_events
     ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY created_at DESC, id DESC
     LIMIT $1`;
  return { name: ['audit_page', ...given, ...(place ? ['place'] : [])].join('_'), text, values };
}
