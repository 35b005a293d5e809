import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { MailService } from '../mail/mail.service.js';
import { PURPOSES } from '../one-time-tokens/one-time-token.value.js';
import { OneTimeTokensService } from '../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../platform/database/database.service.js';
import { StandingService } from '../users/standing/standing.service.js';
import type { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { NotInvited, UserNotFound } from './admin.errors.js';

/** The inviting admin, who is named in the email. */
interface Inviter {
  userId: string;
  email: string;
}

/** Creates accounts for other people. Such an account has no password; its owner gets a link to choose one. */
@Injectable()
export class Invitations {
  constructor(
    private readonly users: UsersService,
    private readonly standing: StandingService,
    private readonly tokens: OneTimeTokensService,
    private readonly mails: MailService,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  /**
   * @param email in the form that `parseEmailAddress` returns
   * @throws EmailTaken
   */
  invite(email: string, { role, locale }: { role: string; locale: string | null }, by: Inviter): Promise<User> {
    return this.database.inTransaction(async () => {
      const user = await this.users.invite(email, role, locale);
      await this.send(user, await this.link(user, by.userId), by.email);
      return user;
    });
  }

  /** Sends a new link and invalidates the previous one. */
  renew(id: string, by: Inviter): Promise<void> {
    return this.database.inTransaction(async () => {
      const user = await this.waiting(id);
      await this.send(user, await this.link(user, by.userId), by.email);
    });
  }

  /** For an operator, who passes the link on: no email is sent. */
  inviteByHand(email: string, role: string): Promise<string> {
    return this.database.inTransaction(async () => this.link(await this.users.invite(email, role, null), null));
  }

  /** The same for an account that was already invited. */
  renewByHand(id: string): Promise<string> {
    return this.database.inTransaction(async () => this.link(await this.waiting(id), null));
  }

  private async waiting(id: string): Promise<User> {
    const user = await this.standing.lock(id);
    if (!user) throw new UserNotFound();
    if (!user.invitedAt || user.disabledAt) throw new NotInvited();
    return user;
  }

  private async link({ id, email, role }: User, actorId: string | null): Promise<string> {
    const token = await this.tokens.issue(id, 'invitation', email);
    if (token === null) throw new Error('The invited account is gone or disabled, though it is locked.');
    await this.audit.record({ type: 'user_invited', actorId, subjectId: id, detail: { role } });
    if (actorId === null) await this.audit.record({ type: 'admin_link_made', actorId, subjectId: id });
    return token;
  }

  private send({ email, locale }: User, token: string, invitedBy: string): Promise<void> {
    const validSeconds = PURPOSES.invitation.seconds;
    return this.mails.enqueue('invitation', { to: email, locale }, { token, validSeconds, invitedBy });
  }
}
