import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { PasswordProofs } from '../../auth/credentials/password-proofs.service.js';
import { Requests } from '../../limits/requests.service.js';
import { Database } from '../../platform/database/database.service.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { AddressUnchanged } from '../account.errors.js';
import type { WantedChange } from './email-change-mails.service.js';

/** Requests to change the email address. Nothing changes until the owner of the new address confirms. */
@Injectable()
export class EmailChange {
  constructor(
    private readonly proofs: PasswordProofs,
    private readonly requests: Requests,
    private readonly audit: AuditService,
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Sends emails to both addresses. A background job looks up whether the new address has an account, so neither the response
   * nor its timing reveals that. The response does not reveal either whether the address has had too many emails.
   * @param to in the form that `parseEmailAddress` returns
   * @throws AddressUnchanged
   * @throws TooManyRequests
   * @throws WrongPassword
   * @throws HashQueueFull
   */
  async request(userId: string, to: string, password: string): Promise<void> {
    const account = await this.proofs.prove(userId, password);
    const { email: from, sessionEpoch } = account;
    if (to === from) throw new AddressUnchanged();
    const wanted: WantedChange = { userId, sessionEpoch, from, to };
    const mayMail = (await this.requests.mayMail('change', to)) && (await this.requests.mayTell(account));
    await this.database.inTransaction(async () => {
      if (mayMail) await this.jobs.enqueue('email-change', wanted);
      await this.audit.record({ type: 'email_change_requested', actorId: userId, subjectId: userId });
    });
  }
}
