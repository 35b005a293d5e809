import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '../audit/audit.service.js';
import type { Device } from '../devices/device-rows.value.js';
import { Config } from '../platform/config/config.js';
import { SecretRing } from '../platform/secrets/secret-ring.value.js';
import type { User } from '../users/user.entity.js';
import { decodeRefreshToken, randomNonce } from './refreshing/refresh-token.value.js';
import { Refreshes } from './refreshing/refreshes.service.js';
import type { CloseReason, KeptSession, ListedSession } from './session.entity.js';
import { SessionNotFound } from './sessions.errors.js';
import { type ClosedSession, SessionsRepository } from './sessions.repository.js';
import { type TokenPair, TokenPairs } from './token-pairs.service.js';

/** The client that a session is opened from. */
export interface Origin {
  ip: string | null;
  userAgent: string | null;
}

/** Opens, refreshes and closes sessions. Every way to log in ends in `open`. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly refreshes: Refreshes,
    private readonly tokenPairs: TokenPairs,
    private readonly secrets: SecretRing,
    private readonly config: Config,
    private readonly audit: AuditService,
  ) {}

  /**
   * @param user as read before the login was verified, with the `sessionEpoch` of that time
   * @param device becomes a known device of the user
   * @returns null if the user was disabled or deleted since then, or all sessions were closed
   */
  async open(
    user: Pick<User, 'id' | 'email' | 'role' | 'sessionEpoch'> & { emailVerified: boolean },
    { ip, userAgent }: Origin,
    device: Device,
  ): Promise<TokenPair | null> {
    const { id: userId, email, emailVerified, role, sessionEpoch } = user;
    const session = { id: uuidv7(), userId, nonce: randomNonce(), macKeyId: this.secrets.current.id };
    const { sessionSeconds, refreshTokenSeconds } = this.config;
    const opened = await this.sessions.insert({ ...session, sessionEpoch, sessionSeconds, ip, userAgent, device });
    if (!opened) return null;
    this.audit.tell({ type: 'login_succeeded', actorId: userId, subjectId: userId, sessionId: session.id });
    if (opened.surplus > 0) this.tellSurplus(userId, opened.surplus);
    const secondsLeft = Math.min(refreshTokenSeconds, sessionSeconds);
    const owner = { email, emailVerified, role };
    return this.tokenPairs.of({ ...session, ...owner, generation: 0, createdAt: opened.createdAt, secondsLeft });
  }

  /**
   * Exchanges the current token for its successor. Within a few seconds the same token returns the same successor again. An older
   * token may be stolen, so its session is closed.
   * @throws InvalidRefreshToken
   */
  async refresh(token: string): Promise<TokenPair> {
    return this.tokenPairs.of(await this.refreshes.take(token));
  }

  /** Closes the session of a refresh token of any generation. Silently does nothing for anything else. */
  async logOut(token: string): Promise<void> {
    const presented = decodeRefreshToken(token, this.secrets);
    if (!presented) return;
    const closed = await this.sessions.close(presented.sessionId, 'logout');
    if (closed) this.tellClosed(closed, 'logout');
  }

  /** @throws SessionNotFound if it is not an open session of this user */
  async closeOwn(userId: string, sessionId: string): Promise<void> {
    const closed = await this.sessions.closeOwn(userId, sessionId, 'closed_by_user');
    if (!closed) throw new SessionNotFound();
    this.tellClosed(closed, 'closed_by_user');
  }

  /**
   * If sessions end because the account changed, call `UsersService.raiseSessionEpoch` first, in the same transaction.
   * @param keep the id of a session to keep open, if any
   * @param actorId the user who closes them; null: the service or its operators
   * @returns how many were open
   */
  async closeAll(
    userId: string,
    keep: string | null,
    reason: CloseReason,
    actorId: string | null = userId,
  ): Promise<number> {
    const count = await this.sessions.closeAll(userId, keep, reason, actorId);
    if (count > 0) this.audit.tell({ type: 'sessions_closed', actorId, subjectId: userId, detail: { reason, count } });
    return count;
  }

  /** All stored sessions, also closed ones. */
  listAll(userId: string): Promise<KeptSession[]> {
    return this.sessions.findAll(userId);
  }

  listOpen(userId: string): Promise<ListedSession[]> {
    return this.sessions.findOpen(userId, this.config.refreshTokenSeconds);
  }

  private tellSurplus(subjectId: string, count: number): void {
    this.audit.tell({ type: 'sessions_closed', actorId: null, subjectId, detail: { reason: 'surplus', count } });
  }

  private tellClosed({ id, userId }: ClosedSession, reason: CloseReason): void {
    const [actorId, subjectId] = [userId, userId];
    this.audit.tell({ type: 'session_closed', actorId, subjectId, sessionId: id, detail: { reason } });
  }
}
