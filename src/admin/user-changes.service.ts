import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { OneTimeTokensService } from '../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../platform/database/database.service.js';
import type { CloseReason } from '../sessions/session.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { StandingService } from '../users/standing/standing.service.js';
import type { User } from '../users/user.entity.js';
import { ReasonWithoutDisabling, UserClosed, UserNotFound } from './admin.errors.js';

/** Missing properties do not change. */
export interface UserChange {
  role?: string;
  disabled?: boolean;
  disabledReason?: string | null;
}

/** Changes that admins make to other accounts. */
@Injectable()
export class UserChanges {
  constructor(
    private readonly standing: StandingService,
    private readonly sessions: SessionsService,
    private readonly tokens: OneTimeTokensService,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  /**
   * Ends the sessions and links that the change invalidates, in the same transaction.
   * @param actorId null: an operator
   */
  change(id: string, { role, disabled, disabledReason }: UserChange, actorId: string | null): Promise<void> {
    return this.database.inTransaction(async () => {
      const user = await this.standing.lock(id);
      if (!user) throw new UserNotFound();
      if (user.closedAt) throw new UserClosed();
      const roleEnded = role !== undefined && (await this.setRole(user, role, actorId));
      const shutOut = await this.setDisabled(user, { disabled, disabledReason }, actorId);
      if (shutOut) await this.end(id, 'account_disabled', actorId);
      else if (roleEnded) await this.end(id, 'role_changed', actorId);
    });
  }

  /** @throws UserNotFound */
  closeSessions(id: string, actorId: string): Promise<void> {
    return this.database.inTransaction(async () => {
      if (!(await this.standing.lock(id))) throw new UserNotFound();
      const count = await this.sessions.closeAll(id, null, 'closed_by_admin', actorId);
      await this.audit.record({ type: 'admin_sessions_closed', actorId, subjectId: id, detail: { count } });
    });
  }

  /** @returns whether the sessions must end */
  private async setRole(user: User, to: string, actorId: string | null): Promise<boolean> {
    const { id: subjectId, role: from } = user;
    if (from === to) return false;
    const ended = await this.standing.setRole(user, to);
    await this.audit.record({ type: 'role_changed', actorId, subjectId, detail: { from, to } });
    return ended;
  }

  /** @returns whether the sessions must end */
  private async setDisabled(
    user: User,
    { disabled = user.disabledAt !== null, disabledReason }: Omit<UserChange, 'role'>,
    actorId: string | null,
  ): Promise<boolean> {
    const subjectId = user.id;
    if (!disabled && typeof disabledReason === 'string') throw new ReasonWithoutDisabling();
    if (disabled && !user.disabledAt) {
      await this.standing.disable(user, disabledReason ?? null);
      await this.audit.record({ type: 'user_disabled', actorId, subjectId });
      return true;
    }
    if (disabled && disabledReason !== undefined) await this.standing.setReason(user, disabledReason);
    if (!disabled && user.disabledAt) {
      await this.standing.enable(user);
      await this.audit.record({ type: 'user_enabled', actorId, subjectId });
    }
    return false;
  }

  private async end(id: string, reason: CloseReason, actorId: string | null): Promise<void> {
    await this.sessions.closeAll(id, null, reason, actorId);
    await this.tokens.revokeAll(id);
  }
}
