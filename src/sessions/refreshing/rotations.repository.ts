import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../platform/database/database.service.js';
import { Gathering } from '../../platform/database/gathering.js';
import { sqlState } from '../../platform/database/trouble.js';
import { LIVE_SESSION, SECONDS_LEFT, USABLE } from './refresh-sql.repository.js';

/** A session with the data for its next tokens, including the current email, verification and role of its user. */
export interface LiveSession {
  id: string;
  userId: string;
  email: string;
  emailVerified: boolean;
  role: string;
  generation: number;
  nonce: Buffer;
  macKeyId: string;
  createdAt: Date;
  /** Whole seconds until the session ends unless it is refreshed. */
  secondsLeft: number;
}

export interface PresentedToken {
  sessionId: string;
  generation: number;
  nonce: Buffer;
}

/** The data of the next live token. */
export interface NextToken {
  nonce: Buffer;
  macKeyId: string;
  idleSeconds: number;
}

interface Rotation {
  presented: PresentedToken;
  next: NextToken;
}

/** Higher limits would not be faster, and would keep the first request of a group waiting for the last. */
const LIMITS = { lanes: 2, most: 32 };

/**
 * Rotates many sessions in one statement, each judged separately. It locks the rows in a fixed order, skips those that are
 * locked by others, and updates only the locked ones. So it never waits for a lock, and a locked row does not delay other
 * sessions.
 */
const ROTATE_TOGETHER: Statement = {
  name: 'session_rotate_together',
  text: `
    WITH held AS MATERIALIZED (
      SELECT s.id, asked.next_nonce, asked.next_mac_key_id, asked.idle_seconds
        FROM unnest($1::uuid[], $2::integer[], $3::bytea[], $4::bytea[], $5::text[], $6::integer[])
             AS asked (id, generation, nonce, next_nonce, next_mac_key_id, idle_seconds)
        JOIN sessions s ON s.id = asked.id AND s.generation = asked.generation AND s.nonce = asked.nonce
       ORDER BY s.id
         FOR NO KEY UPDATE OF s SKIP LOCKED
    )
    UPDATE sessions s
       SET generation = s.generation + 1, previous_nonce = s.nonce, nonce = held.next_nonce,
           mac_key_id = held.next_mac_key_id, refreshed_at = clock_timestamp()
      FROM held, users u
     WHERE s.id = held.id AND u.id = s.user_id AND ${USABLE('held.idle_seconds')}
    RETURNING ${LIVE_SESSION}, ${SECONDS_LEFT('held.idle_seconds')}`,
};

/** Concurrent refreshes share one statement and one commit. Each is answered after the commit. */
@Injectable()
export class Rotations {
  private readonly gathering = new Gathering<Rotation, LiveSession>(LIMITS, (rotations) => this.rotateAll(rotations));

  constructor(private readonly database: Database) {}

  /** @returns undefined if undecided: the token is not the live one, its row was locked, or the statement failed */
  rotate(presented: PresentedToken, next: NextToken): Promise<LiveSession | undefined> {
    return this.gathering.join(presented.sessionId, { presented, next });
  }

  /** @throws errors after which it is unknown whether the rows were changed, because a second rotation would look like reuse */
  private async rotateAll(rotations: readonly Rotation[]): Promise<Map<string, LiveSession>> {
    try {
      const rotated = await this.database.query<LiveSession>(ROTATE_TOGETHER, valuesOf(rotations));
      return new Map(rotated.map((session) => [session.id, session]));
    } catch (error) {
      if (sqlState(error) === undefined) throw error;
      return new Map(); // an SQLSTATE means that the server has rolled back
    }
  }
}

function valuesOf(rotations: readonly Rotation[]): unknown[][] {
  return [
    rotations.map(({ presented }) => presented.sessionId),
    rotations.map(({ presented }) => presented.generation),
    rotations.map(({ presented }) => presented.nonce),
    rotations.map(({ next }) => next.nonce),
    rotations.map(({ next }) => next.macKeyId),
    rotations.map(({ next }) => next.idleSeconds),
  ];
}
