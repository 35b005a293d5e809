import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { MailedLinks } from '../one-time-tokens/mailed-links.service.js';
import { Database } from '../platform/database/database.service.js';
import { type AskedFor, inItsRequest } from '../platform/jobs/asked-for.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { UsersService } from '../users/users.service.js';

/**
 * Sends further verification emails on request (the first is sent at registration). The address is looked up in a background
 * job.
 */
@Injectable()
export class VerificationMails implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly users: UsersService,
    private readonly links: MailedLinks,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.jobs.work<AskedFor>('verify-email', ({ data }) => inItsRequest(data, () => this.send(data)));
  }

  private send({ email }: AskedFor): Promise<void> {
    return this.database.inTransaction(async () => {
      const user = await this.users.findActiveByEmail(email);
      if (!user || user.emailVerifiedAt || !(await this.links.send(user, 'verify_email'))) return;
      await this.audit.record({ type: 'verification_requested', actorId: null, subjectId: user.id });
    });
  }
}
