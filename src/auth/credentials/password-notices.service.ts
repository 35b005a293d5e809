import { Injectable } from '@nestjs/common';
import { MailService } from '../../mail/mail.service.js';
import { Clock } from '../../platform/clock.js';
import type { User } from '../../users/user.entity.js';

/** Notifies owners of changes to their password. */
@Injectable()
export class PasswordNotices {
  constructor(
    private readonly mails: MailService,
    private readonly clock: Clock,
  ) {}

  /**
   * Reports a new password. Part of the current transaction.
   * @param ip the IP address that it was set from, if known
   */
  tellChanged({ email, locale }: Pick<User, 'email' | 'locale'>, ip: string | null): Promise<void> {
    return this.mails.enqueue('password_changed', { to: email, locale }, { ip, at: this.clock.now() });
  }
}
