import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Requests } from '../limits/requests.service.js';
import { MailedLinks } from '../one-time-tokens/mailed-links.service.js';
import { Database } from '../platform/database/database.service.js';
import { type AskedFor, askedFor, inItsRequest } from '../platform/jobs/asked-for.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { UsersService } from '../users/users.service.js';

/**
 * Emails to users who have forgotten their password. The address is looked up in a background job, so the caller learns nothing
 * about it.
 */
@Injectable()
export class ForgottenPasswords implements OnModuleInit {
  constructor(
    private readonly requests: Requests,
    private readonly jobs: Jobs,
    private readonly users: UsersService,
    private readonly links: MailedLinks,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.jobs.work<AskedFor>('forgot-password', ({ data }) => inItsRequest(data, () => this.send(data.email)));
  }

  /**
   * @param email in the form that `parseEmailAddress` returns
   * @throws TooManyRequests
   */
  async request(email: string): Promise<void> {
    if (await this.requests.mayMail('recovery', email)) await this.jobs.enqueue('forgot-password', askedFor(email));
  }

  private send(email: string): Promise<void> {
    return this.database.inTransaction(async () => {
      const user = await this.users.findActiveByEmail(email);
      // The address may be a former one of an account that was taken over: its owner needs the link that undoes the change.
      if (!user) return this.links.sendWayBack(email);
      if (!(await this.links.send(user, 'reset_password'))) return;
      await this.audit.record({ type: 'password_reset_requested', actorId: null, subjectId: user.id });
    });
  }
}
