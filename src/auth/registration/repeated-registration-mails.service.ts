import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MailService } from '../../mail/mail.service.js';
import { MailedLinks } from '../../one-time-tokens/mailed-links.service.js';
import { Database } from '../../platform/database/database.service.js';
import { inItsRequest } from '../../platform/jobs/asked-for.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import type { User } from '../../users/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import type { RepeatedRegistration } from './repeated-registrations.service.js';

/** Emails the owner of an email address about a repeated registration; nobody else learns of it. See decision 15. */
@Injectable()
export class RepeatedRegistrationMails implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly users: UsersService,
    private readonly credentials: CredentialsService,
    private readonly links: MailedLinks,
    private readonly mails: MailService,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.jobs.work<RepeatedRegistration>('repeated-registration', ({ data }) =>
      data.quiet ? Promise.resolve() : inItsRequest(data, () => this.answer(data)),
    );
  }

  private answer({ email, samePassword }: RepeatedRegistration): Promise<void> {
    return this.database.inTransaction(async () => {
      const user = await this.users.findActiveByEmail(email);
      if (!user) return this.links.sendWayBack(email);
      // An invited user has no password to remove, and keeps the link.
      if (user.emailVerifiedAt || user.invitedAt)
        await this.mails.enqueue('already_registered', { to: email, locale: user.locale }, {});
      else if (samePassword) await this.links.send(user, 'verify_email');
      else await this.contest(user);
    });
  }

  /** Whoever receives emails at this address chooses the password. All earlier links stop working. */
  private async contest(user: User): Promise<void> {
    if (await this.credentials.dropUnproven(user.id)) await this.links.send(user, 'registered_again');
  }
}
