import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { CredentialsService } from '../../auth/credentials/credentials.service.js';
import { InvalidOneTimeToken } from '../../one-time-tokens/one-time-tokens.errors.js';
import { OneTimeTokensService } from '../../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../../platform/database/database.service.js';
import { UsersService } from '../../users/users.service.js';
import { EmailChangeMails } from './email-change-mails.service.js';

/**
 * Undoes a change of address for the owner of the old one, confirmed or not. Whoever requested the change knew the password, so
 * the password and all sessions are revoked.
 */
@Injectable()
export class EmailUndo {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsService,
    private readonly tokens: OneTimeTokensService,
    private readonly mails: EmailChangeMails,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  /**
   * @throws InvalidOneTimeToken
   * @throws EmailTaken if the address has another account by now
   */
  async undo(token: string): Promise<void> {
    const found = await this.tokens.find(token, 'undo_email_change');
    const { userId, address, sessionEpoch, locale } = found;
    await this.database.inTransaction(async () => {
      if (!(await this.users.takeBackEmail(userId, sessionEpoch, address))) throw new InvalidOneTimeToken();
      await this.tokens.redeem(token);
      await this.tokens.revokeUndosSince(userId, found.createdAt);
      await this.credentials.revoke(userId, 'email_change_undone');
      await this.audit.record({ type: 'email_change_undone', actorId: userId, subjectId: userId });
      await this.mails.askForPassword({ id: userId, locale }, address);
    });
  }
}
