import { Injectable } from '@nestjs/common';
import { RevokedSessions, sessionDigest } from '@auth-service/guard';
import { auditValues } from '../audit/audited.value.js';
import { Database, type Statement } from '../platform/database/database.service.js';
import type { Device } from '../devices/device-rows.value.js';
import { Metrics } from '../platform/instruments/metrics.js';
import type { Counter } from '../platform/instruments/series.js';
import { currentRequest } from '../platform/request-context.js';
import { type LiveSession, type NextToken, type PresentedToken, Rotations } from './refreshing/rotations.repository.js';
import type { CloseReason, KeptSession, ListedSession } from './session.entity.js';
import * as sql from './statements.repository.js';

/** How the second look at a refresh token ended. */
export interface Verdict extends LiveSession {
  /** The user's language of mails. */
  locale: string | null;
  emailVerified: boolean;
  /** The token is the parent of the live one, used again within the window: give the same successor. */
  replayed: boolean;
  /** The token had been used up: this look has closed the session. */
  closedNow: boolean;
}

export interface NewSession {
  id: string;
  userId: string;
  sessionEpoch: number;
  nonce: Buffer;
  macKeyId: string;
  sessionSeconds: number;
  ip: string | null;
  userAgent: string | null;
  device: Device;
}

export interface ClosedSession {
  id: string;
  userId: string;
}

/** Each method is one statement, which also writes what the audit log is to know: the database decides races, and what came back tells how. */
@Injectable()
export class SessionsRepository {
  private readonly changes: Counter<'change'>;
  private readonly refreshes: Counter<'outcome'>;

  constructor(
    private readonly database: Database,
    private readonly revoked: RevokedSessions,
    private readonly rotations: Rotations,
    metrics: Metrics,
  ) {
    this.changes = metrics.counter('auth_sessions_total', 'Sessions opened and closed by this replica.', {
      change: ['opened', 'closed'],
    });
    this.refreshes = metrics.counter('auth_refreshes_total', 'Refresh tokens that were this service’s own.', {
      outcome: ['rotated', 'replayed', 'reused', 'refused'],
    });
  }

  /** @returns null when the user is gone or disabled, or every session was closed since `sessionEpoch` was read */
  async insert(session: NewSession): Promise<{ createdAt: Date } | null> {
    const opened = await this.oneAudited<{ createdAt: Date }>(sql.INSERT, [
      session.id,
      session.userId,
      session.sessionEpoch,
      session.nonce,
      session.macKeyId,
      session.sessionSeconds,
      session.ip,
      session.userAgent,
      session.device.id,
      session.device.isNew,
    ]);
    if (opened) this.database.afterCommit(() => this.changes.add({ change: 'opened' }));
    return opened;
  }

  /**
   * Replaces the live token, together with others or else alone.
   * @returns null when the one presented is not the live token of an open session
   */
  async rotate(presented: PresentedToken, next: NextToken): Promise<LiveSession | null> {
    const rotated = (await this.rotations.rotate(presented, next)) ?? (await this.rotateAlone(presented, next));
    if (rotated) this.refreshes.add({ outcome: 'rotated' });
    return rotated;
  }

  private rotateAlone({ sessionId, generation, nonce }: PresentedToken, next: NextToken): Promise<LiveSession | null> {
    return this.one(sql.ROTATE, [sessionId, generation, nonce, next.nonce, next.macKeyId, next.idleSeconds]);
  }

  /** Decides about a token that `rotate` did not take, and closes the session if it was used up. @returns null if unknown */
  async judge(
    { sessionId, generation, nonce }: PresentedToken,
    limits: { idleSeconds: number; reuseSeconds: number },
  ): Promise<Verdict | null> {
    const values = [sessionId, generation, nonce, limits.idleSeconds, limits.reuseSeconds];
    const verdict = await this.oneAudited<Verdict>(sql.JUDGE, values);
    this.database.afterCommit(() => this.refreshes.add({ outcome: outcomeOf(verdict) }));
    if (verdict?.closedNow) this.revoke([verdict]);
    return verdict;
  }

  close(id: string, reason: CloseReason): Promise<ClosedSession | null> {
    return this.closeOne(sql.CLOSE, [id, reason]);
  }

  closeOwn(userId: string, id: string, reason: CloseReason): Promise<ClosedSession | null> {
    return this.closeOne(sql.CLOSE_OWN, [id, userId, reason]);
  }

  /**
   * @param keep the id of the one session that stays open, if any
   * @param actorId who closes them; null: the service, or its operators
   * @returns how many were closed
   */
  async closeAll(userId: string, keep: string | null, reason: CloseReason, actorId: string | null): Promise<number> {
    const values = [userId, keep, reason, actorId, ...auditValues(currentRequest())];
    const closed = await this.database.query<{ id: string }>(sql.CLOSE_ALL, values);
    this.revoke(closed);
    return closed.length;
  }

  findAll(userId: string): Promise<KeptSession[]> {
    return this.database.query(sql.FIND_ALL, [userId]);
  }

  findOpen(userId: string, idleSeconds: number): Promise<ListedSession[]> {
    return this.database.query(sql.FIND_OPEN, [userId, idleSeconds]);
  }

  /** Some of those that ended long ago, past any that somebody holds. @returns how many were deleted */
  async deleteEnded(most: number): Promise<number> {
    return (await this.database.query(sql.DELETE_ENDED, [most])).length;
  }

  private async closeOne(statement: Statement, values: unknown[]): Promise<ClosedSession | null> {
    const closed = await this.oneAudited<ClosedSession>(statement, values);
    if (closed) this.revoke([closed]);
    return closed;
  }

  /** Spares this replica the wait for the feed, which tells all of them what the database has closed. */
  private revoke(closed: readonly { id: string }[]): void {
    this.database.afterCommit(() => {
      this.changes.add({ change: 'closed' }, closed.length);
      for (const { id } of closed) this.revoked.add(sessionDigest(id), performance.now());
    });
  }

  private oneAudited<Row extends object>(statement: Statement, values: unknown[]): Promise<Row | null> {
    return this.one(statement, [...values, ...auditValues(currentRequest())]);
  }

  private async one<Row extends object>(statement: Statement, values: unknown[]): Promise<Row | null> {
    const [row] = await this.database.query<Row>(statement, values);
    return row ?? null;
  }
}

function outcomeOf(verdict: Verdict | null): 'replayed' | 'reused' | 'refused' {
  if (verdict?.replayed) return 'replayed';
  return verdict?.closedNow ? 'reused' : 'refused';
}
