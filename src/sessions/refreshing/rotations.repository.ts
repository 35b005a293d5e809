import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../platform/database/database.service.js';
import { Gathering } from '../../platform/database/gathering.js';
import { sqlState } from '../../platform/database/trouble.js';
import { LIVE_SESSION, SECONDS_LEFT, USABLE } from './refresh-sql.repository.js';

/** A session with what its next tokens say: its user's email, whether that is confirmed, and role as they are now. */
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
  /** Until the session ends if nobody refreshes it, in whole seconds. */
  secondsLeft: number;
}

export interface PresentedToken {
  sessionId: string;
  generation: number;
  nonce: Buffer;
}

/** What the live token becomes. */
export interface NextToken {
  nonce: Buffer;
  macKeyId: string;
  idleSeconds: number;
}

interface Rotation {
  presented: PresentedToken;
  next: NextToken;
}

/** More would not make it faster, and would keep whoever comes first waiting for the last. */
const LIMITS = { lanes: 2, most: 32 };

/**
 * Rotates many sessions at once, each decided on its own. First their rows are locked, in one order and past those that
 * somebody else holds; only those are updated. So it never waits for a lock, and one row that is held stalls no other.
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

/** Refreshes that arrive together share one statement and one commit, for which each answer waits. */
@Injectable()
export class Rotations {
  private readonly gathering = new Gathering<Rotation, LiveSession>(LIMITS, (rotations) => this.rotateAll(rotations));

  constructor(private readonly database: Database) {}

  /** @returns undefined when it was left undecided: the token is not the live one, the row was held, or the group failed */
  rotate(presented: PresentedToken, next: NextToken): Promise<LiveSession | undefined> {
    return this.gathering.join(presented.sessionId, { presented, next });
  }

  /** @throws what leaves it unknown whether anything was changed: to rotate again would look like a token used twice */
  private async rotateAll(rotations: readonly Rotation[]): Promise<Map<string, LiveSession>> {
    try {
      const rotated = await this.database.query<LiveSession>(ROTATE_TOGETHER, valuesOf(rotations));
      return new Map(rotated.map((session) => [session.id, session]));
    } catch (error) {
      if (sqlState(error) === undefined) throw error;
      return new Map(); // the server says that it has undone it
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
