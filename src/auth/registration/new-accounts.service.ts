import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { Database } from '../../platform/database/database.service.js';
import { MailedLinks } from '../../one-time-tokens/mailed-links.service.js';
import type { User } from '../../users/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import { CredentialsRepository } from '../credentials/credentials.repository.js';
import type { PasswordHash } from '../passwords/password-hash.value.js';

/** Creates the accounts of people who register themselves. */
@Injectable()
export class NewAccounts {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsRepository,
    private readonly links: MailedLinks,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  /**
   * Creates the account, its password and the email to confirm its address in one transaction.
   * @throws EmailTaken
   */
  create(email: string, password: PasswordHash, locale: string | null): Promise<User> {
    return this.database.inTransaction(async () => {
      const user = await this.users.create(email, locale);
      await this.credentials.insert(user.id, password);
      this.audit.tell({ type: 'user_registered', actorId: user.id, subjectId: user.id });
      await this.links.sendFirst(user);
      return user;
    });
  }
}
