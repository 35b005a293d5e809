import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { OneTimeTokensService } from '../../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../../platform/database/database.service.js';
import { type AskedFor, askedFor } from '../../platform/jobs/asked-for.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import type { Account } from '../credentials/account.value.js';
import { CredentialsRepository } from '../credentials/credentials.repository.js';

/** A registration with an email address that already has an account, or is reserved for one. */
export interface RepeatedRegistration extends AskedFor {
  /** It used the password of the account, so it is most likely the same person. */
  samePassword: boolean;
  /** The address has had too many emails recently, so it gets none. */
  quiet: boolean;
}

/** If addresses must be confirmed, a repeated registration gets the usual answer, and its consequences follow in a job. */
@Injectable()
export class RepeatedRegistrations {
  constructor(
    private readonly credentials: CredentialsRepository,
    private readonly tokens: OneTimeTokensService,
    private readonly jobs: Jobs,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  /**
   * If two people register the same unconfirmed email address, neither password works. Uses as many statements as a new account.
   * @param claimant the account that has the email address, or had it; in the latter case nothing is removed
   */
  async note(
    email: string,
    claimant: Pick<Account, 'id' | 'email'>,
    { samePassword, quiet }: Pick<RepeatedRegistration, 'samePassword' | 'quiet'>,
  ): Promise<void> {
    const contested = claimant.email === email && !samePassword;
    await this.database.inTransaction(async () => {
      const dropped = await this.credentials.dropUnproven(claimant.id, contested);
      await this.tokens.revokeAll(claimant.id, dropped);
      await this.audit.record({ type: 'registration_repeated', actorId: null, subjectId: claimant.id });
      await this.jobs.enqueue('repeated-registration', { ...askedFor(email), samePassword, quiet });
    });
  }
}
