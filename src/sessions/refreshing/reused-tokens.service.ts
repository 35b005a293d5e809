import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { Config } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.service.js';
import { ReuseNotices } from './reuse-notices.service.js';
import type { PresentedToken } from './rotations.repository.js';
import { RefreshesRepository, type Verdict } from './refreshes.repository.js';

/** Decides about refresh tokens that are not the current one of their session. */
@Injectable()
export class ReusedTokens {
  constructor(
    private readonly refreshes: RefreshesRepository,
    private readonly notices: ReuseNotices,
    private readonly audit: AuditService,
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  /** Closes the session of a used token. It returns a value instead of throwing, so that the transaction commits. @returns null if unknown */
  async judge(presented: PresentedToken): Promise<Verdict | null> {
    const { refreshTokenSeconds: idleSeconds, refreshReuseSeconds: reuseSeconds } = this.config;
    const verdict = await this.database.inTransaction(async () => {
      const found = await this.refreshes.judge(presented, { idleSeconds, reuseSeconds });
      if (found?.closedNow) await this.tell(found);
      return found;
    });
    if (verdict?.closedNow) await this.notices.tellUnconfirmed(verdict);
    return verdict;
  }

  private async tell(verdict: Verdict): Promise<void> {
    const { id: sessionId, userId: subjectId } = verdict;
    this.audit.tell({ type: 'refresh_token_reuse', actorId: null, subjectId, sessionId });
    await this.notices.tellConfirmed(verdict);
  }
}
