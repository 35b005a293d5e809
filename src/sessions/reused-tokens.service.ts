import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { MailService } from '../mail/mail.service.js';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.service.js';
import type { PresentedToken } from './rotations.repository.js';
import { SessionsRepository, type Verdict } from './sessions.repository.js';

/** Decides about refresh tokens that are not the live one, and tells the owner of a session that was in two hands. */
@Injectable()
export class ReusedTokens {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly mail: MailService,
    private readonly audit: AuditService,
    private readonly database: Database,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Closes the session of a token that was used up. What must be remembered is a value, so that it commits. @returns null if unknown */
  judge(presented: PresentedToken): Promise<Verdict | null> {
    const { refreshTokenSeconds: idleSeconds, refreshReuseSeconds: reuseSeconds } = this.config;
    return this.database.inTransaction(async () => {
      const verdict = await this.sessions.judge(presented, { idleSeconds, reuseSeconds });
      if (verdict?.closedNow) await this.tell(verdict);
      return verdict;
    });
  }

  private async tell({ id: sessionId, userId: subjectId, email, locale }: Verdict): Promise<void> {
    this.audit.tell({ type: 'refresh_token_reuse', actorId: null, subjectId, sessionId });
    await this.mail.enqueue('session_closed_for_reuse', { to: email, locale }, { at: this.clock.now() });
  }
}
