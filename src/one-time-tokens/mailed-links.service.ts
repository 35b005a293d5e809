import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MailSender } from '../mail/mail-sender.service.js';
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

type Addressee = Pick<User, 'id' | 'email' | 'locale'>;

/** Links to the address of an account: a new one-time token, and the mail that brings it. */
@Injectable()
export class MailedLinks implements OnModuleInit {
  constructor(
    private readonly tokens: OneTimeTokensService,
    private readonly mails: MailService,
    private readonly sender: MailSender,
  ) {}

  /** However long a mail had to wait, its link works when it arrives; one that does not any more is not sent. */
  onModuleInit(): void {
    this.sender.startLinksBy((token, seconds) => this.tokens.start(token, seconds));
  }

  /**
   * In the transaction under way, so that a mail goes out only with a token that is kept.
   * @returns false when the user is gone or disabled
   */
  async send(user: Addressee, mail: keyof typeof LINKS): Promise<boolean> {
    const token = await this.tokens.issue(user.id, LINKS[mail], user.email);
    if (token === null) return false;
    await this.enqueue(user, mail, token);
    return true;
  }

  /** To confirm the address of a user whom the transaction under way has made. */
  async sendFirst(user: Addressee): Promise<void> {
    await this.enqueue(user, 'verify_email', await this.tokens.issueFirst(user.id, LINKS.verify_email, user.email));
  }

  /**
   * To an address that an account had before, when somebody wants it: the way back, for whoever reads its mail. Nothing goes out for an
   * address that is kept for nobody. Part of the transaction under way, too.
   */
  async sendWayBack(address: string): Promise<void> {
    const holder = await this.tokens.renewUndo(address);
    if (!holder) return;
    const { token, validSeconds, email: newEmail, locale } = holder;
    await this.mails.enqueue('address_kept', { to: address, locale }, { token, validSeconds, newEmail });
  }

  private async enqueue({ email, locale }: Addressee, mail: keyof typeof LINKS, token: string): Promise<void> {
    const validSeconds = PURPOSES[LINKS[mail]].seconds;
    await this.mails.enqueue(mail, { to: email, locale }, { token, validSeconds });
  }
}
