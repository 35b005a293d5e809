import type { TestDatabase } from '../../support/database/database.js';

/** A row of the audit log, as the database holds it. */
export interface Row {
  id: string;
  type: string;
  actor_id: string | null;
  subject_id: string | null;
  session_id: string | null;
  request_id: string | null;
  ip: string | null;
  detail: object;
  created_at: Date;
  seq: string | null;
  digest: Buffer | null;
}

/** Everything that is recorded about somebody, the oldest first. */
export function rowsAbout(database: TestDatabase, subjectId: string): Promise<Row[]> {
  return database.query<Row>('SELECT * FROM audit_events WHERE subject_id = $1 ORDER BY created_at, id', [subjectId]);
}

/** A row that the service might have written so many days ago. @returns its id */
export async function plant(database: TestDatabase, daysAgo = 0, ip: string | null = '203.0.113.7'): Promise<string> {
  const [row] = await database.query<{ id: string }>(
    `INSERT INTO audit_events (id, type, ip, created_at)
     VALUES (gen_random_uuid(), 'email_verified', $2, now() - make_interval(days => $1)) RETURNING id`,
    [daysAgo, ip],
  );
  return row!.id;
}
