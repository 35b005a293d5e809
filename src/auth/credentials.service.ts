import { Injectable } from '@nestjs/common';
import { OneTimeTokensService } from '../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../platform/database/database.service.js';
import type { CloseReason } from '../sessions/session.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { UsersService } from '../users/users.service.js';
import { PasswordRefused, WrongPassword } from './auth.errors.js';
import { type Account, CredentialsRepository, passwordOf } from './credentials.repository.js';
import type { PasswordHash } from './passwords/password-hash.value.js';
import { PasswordsService } from './passwords/passwords.service.js';

/** Passwords of people who are known already: shown once more, or replaced. */
@Injectable()
export class CredentialsService {
  constructor(
    private readonly credentials: CredentialsRepository,
    private readonly passwords: PasswordsService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly tokens: OneTimeTokensService,
    private readonly database: Database,
  ) {}

  /**
   * What was proven holds for the account as it was read: a change goes by the `sessionEpoch` that comes back.
   * @throws WrongPassword also for an account that is disabled or has no password
   * @throws HashQueueFull
   */
  async prove(userId: string, password: string): Promise<Account> {
    const account = await this.credentials.findById(userId);
    const stored = account && passwordOf(account);
    const right = await this.passwords.verify(password, stored);
    if (!account || !right || account.disabled) throw new WrongPassword();
    return account;
  }

  /**
   * @param email the owner's, in its stored form
   * @param field what the caller calls the password
   * @throws PasswordRefused
   */
  check(password: string, email: string, field = 'password'): void {
    const problem = this.passwords.problemOf(password, email);
    if (problem) throw new PasswordRefused({ ...problem, field });
  }

  /**
   * The hash of a new password that keeps the rules; made before any transaction begins. Its params are those of `check`.
   * @throws PasswordRefused before anything is hashed
   * @throws HashQueueFull
   */
  async prepare(password: string, email: string, field = 'password'): Promise<PasswordHash> {
    this.check(password, email, field);
    return this.passwords.hash(password);
  }

  /**
   * Puts the new password in place and ends what the old one stood for: every session but `keep`, every link by mail.
   * @param account with the `sessionEpoch` of when the right to do so was proven
   * @returns false when the account is gone or disabled, or somebody else changed it since: nothing is done then
   */
  replace(
    account: Pick<Account, 'id' | 'sessionEpoch'>,
    password: PasswordHash,
    { reason, keep = null }: { reason: CloseReason; keep?: string | null },
  ): Promise<boolean> {
    return this.database.inTransaction(async () => {
      if (!(await this.users.raiseSessionEpoch(account.id, account.sessionEpoch))) return false;
      await this.credentials.put(account.id, password);
      await this.users.markAccepted(account.id);
      await this.sessions.closeAll(account.id, keep, reason);
      await this.tokens.revokeAll(account.id);
      return true;
    });
  }

  /**
   * From now on no password opens the account, until its owner has set one by a link: closes every session, ends every link.
   * To be called in the transaction that has raised the user's epoch.
   */
  async revoke(userId: string, reason: CloseReason): Promise<void> {
    await this.credentials.delete(userId);
    await this.sessions.closeAll(userId, null, reason, null);
    await this.tokens.revokeAll(userId);
  }
}
