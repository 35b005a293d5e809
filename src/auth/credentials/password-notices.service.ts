import { Injectable } from '@nestjs/common';
import { MailService } from '../../mail/mail.service.js';
import { Clock } from '../../platform/clock.js';
import type { User } from '../../users/user.entity.js';

/** What the owner of an account is told about its password. */
@Injectable()
export class PasswordNotices {
  constructor(
    private readonly mails: MailService,
    private readonly clock: Clock,
  ) {}

  /**
   * That there is a new one. Part of the transaction under way.
   * @param ip from where it was set, as far as is known
   */
  tellChanged({ email, locale }: Pick<User, 'email' | 'locale'>, ip: string | null): Promise<void> {
    return this.mails.enqueue('password_changed', { to: email, locale }, { ip, at: this.clock.now() });
  }
}
