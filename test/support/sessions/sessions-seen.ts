import type { TestDatabase } from '../database/database.js';

/** What a refresh token holds, in the clear: 16 bytes session id, 4 generation, 16 nonce. */
export function contentOf(refreshToken: unknown): { sessionId: string; generation: number; nonce: Buffer } {
  const bytes = Buffer.from(String(refreshToken), 'base64url');
  const sessionId = bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return { sessionId, generation: bytes.readUInt32BE(16), nonce: bytes.subarray(20, 36) };
}

export interface SessionRow {
  id: string;
  user_id: string;
  generation: number;
  nonce: Buffer;
  closed_at: Date | null;
  close_reason: string | null;
}

/** The row of a refresh token's session. */
export async function sessionOf(database: TestDatabase, refreshToken: unknown): Promise<SessionRow> {
  const { sessionId } = contentOf(refreshToken);
  const [row] = await database.query<SessionRow>('SELECT * FROM sessions WHERE id = $1', [sessionId]);
  if (!row) throw new Error(`there is no session ${sessionId}`);
  return row;
}

/** Moves a session into the past, as if this time had gone by since. */
export async function letPass(database: TestDatabase, refreshToken: unknown, interval: string): Promise<void> {
  await database.query(
    `UPDATE sessions SET created_at = created_at - $2::interval, refreshed_at = refreshed_at - $2::interval,
            expires_at = expires_at - $2::interval WHERE id = $1`,
    [contentOf(refreshToken).sessionId, interval],
  );
}

export async function openSessions(database: TestDatabase, userId: string): Promise<number> {
  return (await database.query('SELECT FROM sessions WHERE user_id = $1 AND closed_at IS NULL', [userId])).length;
}
