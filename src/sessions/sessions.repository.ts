import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { auditValues } from '../audit/audited.value.js';
import { Database, type Statement } from '../platform/database/database.service.js';
import type { Device } from '../devices/device-rows.value.js';
import { currentRequest } from '../platform/request-context.js';
import type { CloseReason, KeptSession, ListedSession } from './session.entity.js';
import { SessionChanges } from './session-changes.repository.js';
import * as sql from './statements.repository.js';

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

export interface OpenedSession {
  createdAt: Date;
  surplus: number;
}

export interface ClosedSession {
  id: string;
  userId: string;
}

/**
 * Each method runs one statement, which also writes the audit row. The database decides races, and the returned rows tell the
 * result.
 */
@Injectable()
export class SessionsRepository {
  constructor(
    private readonly database: Database,
    private readonly changes: SessionChanges,
  ) {}

  /**
   * @returns also how many open sessions were deleted to make room. Null if the user is gone or disabled, or all sessions were
   * closed since `sessionEpoch` was read
   */
  async insert(session: NewSession): Promise<OpenedSession | null> {
    const opened = await this.oneAudited<OpenedSession>(sql.INSERT, [
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
      uuidv7(),
    ]);
    if (opened) this.changes.opened();
    return opened;
  }

  close(id: string, reason: CloseReason): Promise<ClosedSession | null> {
    return this.closeOne(sql.CLOSE, [id, reason]);
  }

  closeOwn(userId: string, id: string, reason: CloseReason): Promise<ClosedSession | null> {
    return this.closeOne(sql.CLOSE_OWN, [id, userId, reason]);
  }

  /**
   * @param keep the id of a session to keep open, if any
   * @param actorId the user who closes them; null: the service or its operators
   * @returns how many were closed
   */
  async closeAll(userId: string, keep: string | null, reason: CloseReason, actorId: string | null): Promise<number> {
    const values = [userId, keep, reason, actorId, ...auditValues(currentRequest())];
    const closed = await this.database.query<{ id: string }>(sql.CLOSE_ALL, values);
    this.changes.closed(closed);
    return closed.length;
  }

  findAll(userId: string): Promise<KeptSession[]> {
    return this.database.query(sql.FIND_ALL, [userId]);
  }

  findOpen(userId: string, idleSeconds: number): Promise<ListedSession[]> {
    return this.database.query(sql.FIND_OPEN, [userId, idleSeconds]);
  }

  /** Deletes sessions that ended long ago, except locked ones. @returns how many, at most `most` */
  async deleteEnded(most: number): Promise<number> {
    return (await this.database.query(sql.DELETE_ENDED, [most])).length;
  }

  private async closeOne(statement: Statement, values: unknown[]): Promise<ClosedSession | null> {
    const closed = await this.oneAudited<ClosedSession>(statement, values);
    if (closed) this.changes.closed([closed]);
    return closed;
  }

  private async oneAudited<Row extends object>(statement: Statement, values: unknown[]): Promise<Row | null> {
    const [row] = await this.database.query<Row>(statement, [...values, ...auditValues(currentRequest())]);
    return row ?? null;
  }
}
