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

/** Each method is one statement, which also writes what the audit log is to know: the database decides races, and what came back tells how. */
@Injectable()
export class SessionsRepository {
  constructor(
    private readonly database: Database,
    private readonly changes: SessionChanges,
  ) {}

  /**
   * @returns with how many of the account's open sessions had to make room; null when the user is gone or disabled, or every
   * session was closed since `sessionEpoch` was read
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
   * @param keep the id of the one session that stays open, if any
   * @param actorId who closes them; null: the service, or its operators
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

  /** Some of those that ended long ago, past any that somebody holds. @returns how many were deleted */
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
