import { Injectable } from '@nestjs/common';
import { MailService } from '../../mail/mail.service.js';
import { Config } from '../../platform/config/config.js';
import type { User } from '../../users/user.entity.js';

const DAY_MILLIS = 86_400_000;

/** Notifies the owner of a closed account. */
@Injectable()
export class ClosingMails {
  constructor(
    private readonly mails: MailService,
    private readonly config: Config,
  ) {}

  /** Runs in the current transaction. */
  tell({ email, locale }: Pick<User, 'email' | 'locale'>, closedAt: Date): Promise<void> {
    const erasedAt = new Date(closedAt.getTime() + this.config.accountErasureDays * DAY_MILLIS);
    return this.mails.enqueue('account_closed', { to: email, locale }, { erasedAt });
  }
}
