import { Injectable } from '@nestjs/common';
import { Requests } from '../../limits/requests.service.js';
import { MailService } from '../../mail/mail.service.js';
import { Clock } from '../../platform/clock.js';
import type { Verdict } from './refreshes.repository.js';

/** Notifies the owner of a session that its refresh token was reused. */
@Injectable()
export class ReuseNotices {
  constructor(
    private readonly requests: Requests,
    private readonly mail: MailService,
    private readonly clock: Clock,
  ) {}

  /** Called in the transaction that closes the session. */
  async tellConfirmed(verdict: Verdict): Promise<void> {
    if (verdict.emailVerified) await this.tell(verdict);
  }

  /** Called after it, for an email address that may be someone else's: notices to it are limited, and counting is not part of a transaction. */
  async tellUnconfirmed(verdict: Verdict): Promise<void> {
    if (!verdict.emailVerified && (await this.requests.mayTell(verdict))) await this.tell(verdict);
  }

  private tell({ email, locale }: Verdict): Promise<void> {
    return this.mail.enqueue('session_closed_for_reuse', { to: email, locale }, { at: this.clock.now() });
  }
}
