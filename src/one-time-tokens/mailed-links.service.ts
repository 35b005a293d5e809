import { Injectable } from '@nestjs/common';
import { MailService } from '../mail/mail.service.js';
import type { User } from '../users/user.entity.js';
import { PURPOSES } from './one-time-token.value.js';
import { OneTimeTokensService } from './one-time-tokens.service.js';

/** Which mail brings the link, and what the link allows. */
const LINKS = {
  verify_email: 'verify_email',
  reset_password: 'reset_password',
  registered_again: 'reset_password',
} as const;

/** Links to the address of an account: a new one-time token, and the mail that brings it. */
@Injectable()
export class MailedLinks {
  constructor(
    private readonly tokens: OneTimeTokensService,
    private readonly mails: MailService,
  ) {}

  /**
   * In the transaction under way, so that a mail goes out only with a token that is kept.
   * @returns false when the user is gone or disabled
   */
  async send({ id, email, locale }: Pick<User, 'id' | 'email' | 'locale'>, mail: keyof typeof LINKS): Promise<boolean> {
    const purpose = LINKS[mail];
    const token = await this.tokens.issue(id, purpose, email);
    if (token === null) return false;
    await this.mails.enqueue(mail, { to: email, locale }, { token, validSeconds: PURPOSES[purpose].seconds });
    return true;
  }
}
