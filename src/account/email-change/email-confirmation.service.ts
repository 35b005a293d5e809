import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { InvalidOneTimeToken } from '../../one-time-tokens/one-time-tokens.errors.js';
import { OneTimeTokensService } from '../../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../../platform/database/database.service.js';
import { UsersService } from '../../users/users.service.js';
import { EmailChangeMails } from './email-change-mails.service.js';

/** Confirms a new address, which then replaces the old one. */
@Injectable()
export class EmailConfirmation {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: OneTimeTokensService,
    private readonly mails: EmailChangeMails,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  /**
   * Invalidates all other links of the account, and emails the old address a link to undo the change.
   * @throws InvalidOneTimeToken
   * @throws EmailTaken if the address has an account by now
   */
  async confirm(token: string): Promise<void> {
    const { userId, email: from, address: to, locale } = await this.tokens.find(token, 'change_email');
    await this.database.inTransaction(async () => {
      if (!(await this.users.changeEmail(userId, from, to))) throw new InvalidOneTimeToken();
      await this.tokens.redeem(token);
      await this.tokens.revokeAll(userId);
      await this.audit.record({ type: 'email_changed', actorId: userId, subjectId: userId });
      await this.mails.tellChanged({ id: userId, locale }, from, to);
    });
  }
}
