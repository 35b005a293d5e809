import { Injectable } from '@nestjs/common';
import { Guesses } from '../../limits/guesses.service.js';
import { WrongPassword } from '../auth.errors.js';
import { PasswordsService } from '../passwords/passwords.service.js';
import { type Account, passwordOf } from './account.value.js';
import { CredentialsRepository } from './credentials.repository.js';

/** Asks logged-in users for their password again, before actions that a stolen token must not allow. */
@Injectable()
export class PasswordProofs {
  constructor(
    private readonly credentials: CredentialsRepository,
    private readonly passwords: PasswordsService,
    private readonly guesses: Guesses,
  ) {}

  /**
   * The proof is valid only for the account as it was read: make the change conditional on the returned `sessionEpoch`.
   * @throws TooManyRequests
   * @throws WrongPassword also for an account that is disabled or has no password
   * @throws HashQueueFull, HashingFailed
   */
  async prove(userId: string, password: string): Promise<Account> {
    const account = await this.credentials.findById(userId);
    const stored = account && passwordOf(account);
    const verify = async (): Promise<boolean> => (await this.passwords.verify(password, stored)) && !account?.disabled;
    const { right } = await this.guesses.proof(userId, verify);
    if (!account || !right) throw new WrongPassword();
    return account;
  }
}
