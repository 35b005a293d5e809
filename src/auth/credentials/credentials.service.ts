import { Injectable } from '@nestjs/common';
import { InvalidOneTimeToken } from '../../one-time-tokens/one-time-tokens.errors.js';
import { OneTimeTokensService } from '../../one-time-tokens/one-time-tokens.service.js';
import { Database } from '../../platform/database/database.service.js';
import type { CloseReason } from '../../sessions/session.entity.js';
import { UsersService } from '../../users/users.service.js';
import { PasswordRefused } from '../auth.errors.js';
import type { Account } from './account.value.js';
import { CredentialsRepository } from './credentials.repository.js';
import { type Ending, Endings } from './endings.service.js';
import type { PasswordHash } from '../passwords/password-hash.value.js';
import { PasswordsService } from '../passwords/passwords.service.js';

/** Checks, replaces and removes the passwords of existing accounts. */
@Injectable()
export class CredentialsService {
  constructor(
    private readonly credentials: CredentialsRepository,
    private readonly passwords: PasswordsService,
    private readonly users: UsersService,
    private readonly tokens: OneTimeTokensService,
    private readonly endings: Endings,
    private readonly database: Database,
  ) {}

  /**
   * Checks a new password without asking another server. Use it before the right to set a password is proven.
   * @param email the owner's email address in its stored form
   * @param field the name of the property that errors report
   * @throws PasswordRefused
   */
  check(password: string, email: string, field = 'password'): void {
    const problem = this.passwords.problemOf(password, email);
    if (problem) throw new PasswordRefused({ ...problem, field });
  }

  /**
   * Checks a new password and hashes it. Call it outside a transaction, after the right to set a password is proven. The
   * parameters are those of `check`.
   * @throws PasswordRefused before anything is hashed
   * @throws HashQueueFull, HashingFailed
   */
  async prepare(password: string, email: string, field = 'password'): Promise<PasswordHash> {
    const problem = await this.passwords.problemInWorld(password, email);
    if (problem) throw new PasswordRefused({ ...problem, field });
    return this.passwords.hash(password);
  }

  /**
   * Replaces the password and ends what was reached with the old one: all sessions, emailed links and known devices.
   * @param account with the `sessionEpoch` at the time when the right to do so was proven
   * @returns false, and changes nothing, if the account is gone or disabled, or has changed since then
   */
  replace(account: Pick<Account, 'id' | 'sessionEpoch'>, password: PasswordHash, ending: Ending): Promise<boolean> {
    return this.database.inTransaction(async () => {
      if (!(await this.users.raiseSessionEpoch(account.id, account.sessionEpoch))) return false;
      await this.put(account.id, password, ending);
      return true;
    });
  }

  /**
   * The same for someone who followed an emailed link, which also confirms the email address. Consumes the link.
   * @param account as returned by `OneTimeTokensService.find`
   * @throws InvalidOneTimeToken if the account or the link has changed since then; nothing is changed
   */
  async replaceByLink(
    token: string,
    { userId, sessionEpoch, address }: { userId: string; sessionEpoch: number; address: string },
    password: PasswordHash,
    reason: CloseReason,
  ): Promise<void> {
    await this.database.inTransaction(async () => {
      if (!(await this.users.raiseSessionEpoch(userId, sessionEpoch))) throw new InvalidOneTimeToken();
      await this.tokens.redeem(token);
      await this.users.markEmailVerified(userId, address);
      await this.put(userId, password, { reason });
    });
  }

  /**
   * Removes the password and all emailed links of an account whose email address is not confirmed.
   * @returns false, and changes nothing, if the email address has been confirmed
   */
  dropUnproven(userId: string): Promise<boolean> {
    return this.database.inTransaction(async () => {
      if (!(await this.credentials.dropUnproven(userId, true))) return false;
      await this.tokens.revokeAll(userId);
      return true;
    });
  }

  /**
   * Removes the password, so that the owner must set a new one by an emailed link, and ends what was reached with it.
   * Call it in the transaction that raised the user's epoch.
   */
  async revoke(userId: string, reason: CloseReason): Promise<void> {
    await this.credentials.delete(userId);
    await this.endings.endAll(userId, { reason }, null);
  }

  private async put(userId: string, password: PasswordHash, ending: Ending): Promise<void> {
    await this.credentials.put(userId, password);
    await this.users.markAccepted(userId);
    await this.endings.endAll(userId, ending);
  }
}
