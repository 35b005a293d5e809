import { Injectable } from '@nestjs/common';
import { Requests } from '../../limits/requests.service.js';
import { MailService } from '../../mail/mail.service.js';
import { Clock } from '../../platform/clock.js';
import type { Verdict } from './refreshes.repository.js';

/** Tells the owner of a session that it was in two hands. */
@Injectable()
export class ReuseNotices {
  constructor(
    private readonly requests: Requests,
    private readonly mail: MailService,
    private readonly clock: Clock,
  ) {}

  /** In the transaction that closes the session. */
  async tellConfirmed(verdict: Verdict): Promise<void> {
    if (verdict.emailVerified) await this.tell(verdict);
  }

  /** After it: an address that may be somebody else's is told so and so often, and counting is no part of a transaction. */
  async tellUnconfirmed(verdict: Verdict): Promise<void> {
    if (!verdict.emailVerified && (await this.requests.mayTell(verdict))) await this.tell(verdict);
  }

  private tell({ email, locale }: Verdict): Promise<void> {
    return this.mail.enqueue('session_closed_for_reuse', { to: email, locale }, { at: this.clock.now() });
  }
}
