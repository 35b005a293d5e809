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

/** Passwords of people who are known already: checked, replaced and taken away. */
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
   * What can be said without asking anybody: before the right to choose a password is proven.
   * @param email the owner's, in its stored form
   * @param field what the caller calls the password
   * @throws PasswordRefused
   */
  check(password: string, email: string, field = 'password'): void {
    const problem = this.passwords.problemOf(password, email);
    if (problem) throw new PasswordRefused({ ...problem, field });
  }

  /**
   * The hash of a new password that keeps the rules; made before any transaction begins, and once the right to choose
   * one is proven. Its params are those of `check`.
   * @throws PasswordRefused before anything is hashed
   * @throws HashQueueFull, HashingFailed
   */
  async prepare(password: string, email: string, field = 'password'): Promise<PasswordHash> {
    const problem = await this.passwords.problemInWorld(password, email);
    if (problem) throw new PasswordRefused({ ...problem, field });
    return this.passwords.hash(password);
  }

  /**
   * Puts the new password in place and ends what the old one stood for: every session, every link by mail, every known device.
   * @param account with the `sessionEpoch` of when the right to do so was proven
   * @returns false when the account is gone or disabled, or somebody else changed it since: nothing is done then
   */
  replace(account: Pick<Account, 'id' | 'sessionEpoch'>, password: PasswordHash, ending: Ending): Promise<boolean> {
    return this.database.inTransaction(async () => {
      if (!(await this.users.raiseSessionEpoch(account.id, account.sessionEpoch))) return false;
      await this.put(account.id, password, ending);
      return true;
    });
  }

  /**
   * The same for whoever followed a link to the account's address, and has thereby confirmed the address. Consumes the link.
   * @param account as `OneTimeTokensService.find` gave it
   * @throws InvalidOneTimeToken when account or link have changed since: nothing is done then
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
   * Of an account whose address nobody has confirmed takes away the password, and every link that was mailed.
   * @returns false when the address is confirmed by now: nothing is done then
   */
  dropUnproven(userId: string): Promise<boolean> {
    return this.database.inTransaction(async () => {
      if (!(await this.credentials.dropUnproven(userId, true))) return false;
      await this.tokens.revokeAll(userId);
      return true;
    });
  }

  /**
   * From now on no password opens the account, until its owner has set one by a link, and all that was reached by one ends.
   * To be called in the transaction that has raised the user's epoch.
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
