import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { OneTimeTokensService } from '../../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../../platform/database/database.service.js';
import { type AskedFor, askedFor } from '../../platform/jobs/asked-for.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import type { Account } from '../credentials/account.value.js';
import { CredentialsRepository } from '../credentials/credentials.repository.js';

/** A registration with an address that has an account already, or that is kept for one. */
export interface RepeatedRegistration extends AskedFor {
  /** It was made with the password that the account has: most likely by the same person. */
  samePassword: boolean;
  /** The address has had enough mails of late. */
  quiet: boolean;
}

/** Where addresses must be confirmed, a repeated registration is answered like any; what is to be done about it waits. */
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
   * Of two who claim an address that nobody has confirmed, neither password counts. As many statements as a new account takes.
   * @param claimant who has the address, or has had it: then nothing is taken away
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
