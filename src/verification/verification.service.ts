import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { InvalidOneTimeToken } from '../one-time-tokens/one-time-tokens.errors.js';
import { OneTimeTokensService } from '../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../platform/database/database.service.js';
import { askedFor } from '../platform/jobs/asked-for.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { UsersService } from '../users/users.service.js';

/** Showing that one receives mail at the address of the account. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly jobs: Jobs,
    private readonly tokens: OneTimeTokensService,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  /**
   * Another mail to the address than that of the registration, if it belongs to an account and is not confirmed yet.
   * Nothing is looked up before the answer is out.
   * @param email as `parseEmailAddress` gives it
   */
  async request(email: string): Promise<void> {
    await this.jobs.enqueue('verify-email', askedFor(email));
  }

  /** @throws InvalidOneTimeToken */
  async verify(token: string): Promise<void> {
    const { userId, address } = await this.tokens.find(token, 'verify_email');
    await this.database.inTransaction(async () => {
      if (!(await this.users.markEmailVerified(userId, address))) throw new InvalidOneTimeToken();
      await this.tokens.redeem(token);
      await this.audit.record({ type: 'email_verified', actorId: userId, subjectId: userId });
    });
  }
}
