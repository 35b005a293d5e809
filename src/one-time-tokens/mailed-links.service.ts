import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MailSender } from '../mail/mail-sender.service.js';
import { MailService } from '../mail/mail.service.js';
import type { User } from '../users/user.entity.js';
import { PURPOSES } from './one-time-token.value.js';
import { OneTimeTokensService } from './one-time-tokens.service.js';

/** The purpose of the link in each email. */
const LINKS = {
  verify_email: 'verify_email',
  reset_password: 'reset_password',
  registered_again: 'reset_password',
} as const;

type Addressee = Pick<User, 'id' | 'email' | 'locale'>;

/** Sends links to the address of an account: issues a one-time token and queues the email with it. */
@Injectable()
export class MailedLinks implements OnModuleInit {
  constructor(
    private readonly tokens: OneTimeTokensService,
    private readonly mails: MailService,
    private readonly sender: MailSender,
  ) {}

  /**
   * The lifetime of a link starts when its email is sent, however long that was queued. An email whose link is no longer valid
   * is not sent.
   */
  onModuleInit(): void {
    this.sender.startLinksBy((token, seconds) => this.tokens.start(token, seconds));
  }

  /**
   * Runs in the current transaction, so that an email is only sent if its token is stored.
   * @returns false if the user is gone or disabled
   */
  async send(user: Addressee, mail: keyof typeof LINKS): Promise<boolean> {
    const token = await this.tokens.issue(user.id, LINKS[mail], user.email);
    if (token === null) return false;
    await this.enqueue(user, mail, token);
    return true;
  }

  /** Sends the link to confirm the address of a user that the current transaction has created. */
  async sendFirst(user: Addressee): Promise<void> {
    await this.enqueue(user, 'verify_email', await this.tokens.issueFirst(user.id, LINKS.verify_email, user.email));
  }

  /**
   * For a former address of an account that somebody tries to use: sends the link that undoes the change of address. Does
   * nothing if the address is not reserved for an account. Runs in the current transaction.
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
