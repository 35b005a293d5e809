import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { OneTimeTokensService } from '../../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../../platform/database/database.service.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { StandingService } from '../../users/standing/standing.service.js';
import { ClosingMails } from './closing-mails.service.js';

/** Closes and restores accounts. A closed account is erased after some days unless an admin restores it. */
@Injectable()
export class ClosingService {
  constructor(
    private readonly standing: StandingService,
    private readonly sessions: SessionsService,
    private readonly tokens: OneTimeTokensService,
    private readonly database: Database,
    private readonly audit: AuditService,
    private readonly mails: ClosingMails,
  ) {}

  /**
   * Closes an account: disables logins, ends all sessions and links, and notifies the owner. The address stays taken until the
   * account is erased.
   * @param by.actorId the user who closes it: its owner or an admin
   * @param by.seenEpoch the user's `sessionEpoch` when the owner's password was verified
   * @returns false, without any change, if the account is gone or closed, or has changed since `seenEpoch`
   * @throws LastAdmin
   */
  close(userId: string, by: { actorId: string; seenEpoch?: number }): Promise<boolean> {
    return this.database.inTransaction(async () => {
      const user = await this.standing.lock(userId);
      if (!user || user.closedAt || (by.seenEpoch ?? user.sessionEpoch) !== user.sessionEpoch) return false;
      const closedAt = await this.standing.close(user);
      await this.sessions.closeAll(userId, null, 'account_closed', by.actorId);
      await this.tokens.revokeAll(userId);
      await this.audit.record({ type: 'account_closed', actorId: by.actorId, subjectId: userId });
      await this.mails.tell(user, closedAt);
      return true;
    });
  }

  /**
   * Returns a closed account to its previous state. Its sessions and links stay invalid.
   * @returns false if it is gone or not closed
   */
  restore(userId: string, actorId: string): Promise<boolean> {
    return this.database.inTransaction(async () => {
      const user = await this.standing.lock(userId);
      if (!user?.closedAt) return false;
      await this.standing.restore(user);
      await this.audit.record({ type: 'account_restored', actorId, subjectId: userId });
      return true;
    });
  }
}
