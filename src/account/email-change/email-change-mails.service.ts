import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MailService } from '../../mail/mail.service.js';
import { MailedLinks } from '../../one-time-tokens/mailed-links.service.js';
import { type Purpose, PURPOSES } from '../../one-time-tokens/one-time-token.value.js';
import { OneTimeTokensService } from '../../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../../platform/database/database.service.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import type { User } from '../../users/user.entity.js';
import { UsersService } from '../../users/users.service.js';

/** The requested change, and the account's state when the password was verified. */
export interface WantedChange {
  userId: string;
  sessionEpoch: number;
  from: string;
  to: string;
}

type Owner = Pick<User, 'id' | 'locale'>;

/** Emails to the old and the new address about a change. */
@Injectable()
export class EmailChangeMails implements OnModuleInit {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: OneTimeTokensService,
    private readonly links: MailedLinks,
    private readonly mail: MailService,
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.work<WantedChange>('email-change', ({ data }) => this.begin(data));
  }

  /** Notifies the previous address, with a link to undo the change. */
  async tellChanged({ id, locale }: Owner, from: string, to: string): Promise<void> {
    const link = await this.link(id, 'undo_email_change', from);
    if (link) await this.mail.enqueue('email_changed', { to: from, locale }, { ...link, newEmail: to });
  }

  /**
   * Sends a link to choose a new password to the restored address. The account has no password any more, because whoever
   * requested the change knew it.
   */
  async askForPassword({ id, locale }: Owner, address: string): Promise<void> {
    const link = await this.link(id, 'reset_password', address);
    if (link) await this.mail.enqueue('reset_password', { to: address, locale }, link);
  }

  private async begin({ userId, sessionEpoch, from, to }: WantedChange): Promise<void> {
    const user = await this.users.findActive(userId);
    if (!user || user.sessionEpoch !== sessionEpoch || user.email !== from) return;
    const owner = await this.users.findByEmail(to);
    if (!owner) return this.askIfFree(user, to);
    if (!owner.disabledAt) await this.mail.enqueue('already_registered', { to, locale: owner.locale }, {});
  }

  private async askIfFree(user: User, to: string): Promise<void> {
    const holder = await this.tokens.holderOf(to);
    const free = holder === null || holder === user.id;
    await this.database.inTransaction(() => (free ? this.askBoth(user, to) : this.links.sendWayBack(to)));
  }

  private async askBoth({ id, email, locale }: User, to: string): Promise<void> {
    const confirm = await this.link(id, 'change_email', to);
    const undo = await this.link(id, 'undo_email_change', email);
    if (!confirm || !undo) return;
    await this.mail.enqueue('confirm_email_change', { to, locale }, confirm);
    await this.mail.enqueue('email_change_requested', { to: email, locale }, { ...undo, newEmail: to });
  }

  private async link(
    userId: string,
    purpose: Purpose,
    address: string,
  ): Promise<{ token: string; validSeconds: number } | null> {
    const token = await this.tokens.issue(userId, purpose, address);
    return token === null ? null : { token, validSeconds: PURPOSES[purpose].seconds };
  }
}
