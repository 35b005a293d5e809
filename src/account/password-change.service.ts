import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { CredentialsService } from '../auth/credentials/credentials.service.js';
import { PasswordNotices } from '../auth/credentials/password-notices.service.js';
import { PasswordProofs } from '../auth/credentials/password-proofs.service.js';
import { Requests } from '../limits/requests.service.js';
import { Database } from '../platform/database/database.service.js';
import { AccountChangedMeanwhile } from './account.errors.js';

/** The caller, as identified by the access token. */
export interface SignedIn {
  userId: string;
  sessionId: string;
  email: string;
  ip: string | null;
  /** The device token that the client sent. */
  deviceToken: string | null;
}

/** Changes the password of a logged-in user. */
@Injectable()
export class PasswordChange {
  constructor(
    private readonly proofs: PasswordProofs,
    private readonly credentials: CredentialsService,
    private readonly requests: Requests,
    private readonly notices: PasswordNotices,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  /**
   * Closes all other sessions, forgets all other devices, and notifies the owner.
   * @throws PasswordRefused before anything is hashed
   * @throws WrongPassword
   * @throws TooManyRequests
   * @throws HashQueueFull
   * @throws AccountChangedMeanwhile
   */
  async change(by: SignedIn, current: string, next: string): Promise<void> {
    const { userId, sessionId, email, ip, deviceToken } = by;
    this.credentials.check(next, email, 'newPassword');
    const account = await this.proofs.prove(userId, current);
    const password = await this.credentials.prepare(next, account.email, 'newPassword');
    const mayTell = await this.requests.mayTell(account);
    await this.database.inTransaction(async () => {
      const how = { reason: 'password_changed', keep: sessionId, keepDevice: deviceToken } as const;
      if (!(await this.credentials.replace(account, password, how))) throw new AccountChangedMeanwhile();
      await this.audit.record({ type: 'password_changed', actorId: userId, subjectId: userId, sessionId });
      if (mayTell) await this.notices.tellChanged(account, ip);
    });
  }
}
