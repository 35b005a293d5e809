import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Database } from '../platform/database/database.service.js';
import { type Origin, SessionsService, type TokenPair } from '../sessions/sessions.service.js';
import type { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { HashQueueFull, InvalidCredentials, PasswordRefused } from './auth.errors.js';
import { type Account, CredentialsRepository, passwordOf } from './credentials.repository.js';
import type { PasswordHash } from './passwords/password-hash.value.js';
import { PasswordsService } from './passwords/passwords.service.js';

/** Proving who one is, with a password. Addresses are as `parseEmailAddress` gives them. */
@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsRepository,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly database: Database,
    private readonly audit: AuditService,
  ) {}

  /**
   * @throws PasswordRefused before anything is hashed
   * @throws EmailTaken
   * @throws HashQueueFull
   */
  async register(email: string, password: string): Promise<User> {
    const problem = this.passwords.problemOf(password, email);
    if (problem) throw new PasswordRefused(problem);
    const hash = await this.passwords.hash(password);
    return this.database.inTransaction(async () => {
      const user = await this.users.create(email);
      await this.credentials.put(user.id, hash);
      await this.audit.record({ type: 'user_registered', actorId: user.id, subjectId: user.id });
      return user;
    });
  }

  /**
   * Does the same work for an account that does not exist, so that neither answer nor time tells.
   * @throws InvalidCredentials whatever was wrong
   * @throws HashQueueFull
   */
  async login(email: string, password: string, origin: Origin): Promise<TokenPair> {
    const account = await this.credentials.findByEmail(email);
    const stored = account && passwordOf(account);
    const verified = await this.passwords.verify(password, stored);
    if (!account || !stored || !verified || account.disabled) throw await this.refused(account);
    await this.renewIfOutdated(account.id, password, stored);
    const opened = await this.sessions.open(account, origin);
    if (!opened) throw await this.refused(account);
    return opened;
  }

  /** The same row for an account that does not exist. Nobody has proven to be the account's owner: there is no actor. */
  private async refused(account: Account | null): Promise<InvalidCredentials> {
    const detail = { disabled: account?.disabled ?? false };
    await this.audit.record({ type: 'login_failed', actorId: null, subjectId: account?.id ?? null, detail });
    return new InvalidCredentials();
  }

  /** A login must not fail because there was no time to make its hash better: the next one will. */
  private async renewIfOutdated(userId: string, password: string, stored: PasswordHash): Promise<void> {
    if (!this.passwords.isOutdated(stored)) return;
    try {
      await this.credentials.renew(userId, stored.hash, await this.passwords.hash(password));
    } catch (error) {
      if (!(error instanceof HashQueueFull)) throw error;
    }
  }
}
