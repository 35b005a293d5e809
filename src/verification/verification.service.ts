import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { InvalidOneTimeToken } from '../one-time-tokens/one-time-tokens.errors.js';
import { OneTimeTokensService } from '../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../platform/database/database.service.js';
import { askedFor } from '../platform/jobs/asked-for.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { UsersService } from '../users/users.service.js';

/** Verification of email addresses. */
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
   * Queues another verification email, to be sent if the address belongs to an account and is unconfirmed. Nothing is looked up
   * before the response is sent.
   * @param email in the form that `parseEmailAddress` returns
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
