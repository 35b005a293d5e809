import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Requests } from '../../limits/requests.service.js';
import { Config } from '../../platform/config/config.js';
import type { FieldError } from '../../platform/errors.js';
import type { User } from '../../users/user.entity.js';
import { EmailTaken } from '../../users/users.errors.js';
import { PasswordRefused } from '../auth.errors.js';
import { type Account, passwordOf } from '../credentials/account.value.js';
import { CredentialsRepository } from '../credentials/credentials.repository.js';
import { NewAccounts } from './new-accounts.service.js';
import { PasswordsService } from '../passwords/passwords.service.js';
import { RepeatedRegistrations } from './repeated-registrations.service.js';

/**
 * A new account and a repeated registration differ by about 0.2 ms. A random wait hides a difference so much shorter than
 * itself. Nobody can average several tries, because after the first one the address has an account.
 */
const LONGEST_WAIT_MILLIS = 10;

/** Registers people. Email addresses are in the form that `parseEmailAddress` returns. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly accounts: NewAccounts,
    private readonly repeated: RepeatedRegistrations,
    private readonly credentials: CredentialsRepository,
    private readonly passwords: PasswordsService,
    private readonly requests: Requests,
    private readonly config: Config,
  ) {}

  /**
   * @param locale the language of emails, or null for the default language of the service
   * @returns the new account; null if addresses must be confirmed, because the caller must not learn whether the account is new
   * @throws PasswordRefused before anything is hashed, and also before the request is counted, unless the password was breached
   * @throws TooManyRequests
   * @throws EmailTaken unless addresses must be confirmed
   * @throws HashQueueFull if possible before the request is counted
   */
  async register(email: string, password: string, locale: string | null): Promise<User | null> {
    requireNone(this.passwords.problemOf(password, email));
    this.passwords.requireRoom();
    const mayMail = await this.requests.mayMail('registration', email);
    requireNone(await this.passwords.problemInWorld(password, email));
    if (!this.config.emailVerificationRequired) return this.create(email, password, locale);
    await this.registerUnseen(email, password, { locale, mayMail });
    await setTimeout(randomInt(LONGEST_WAIT_MILLIS + 1));
    return null;
  }

  private async create(email: string, password: string, locale: string | null): Promise<User> {
    return this.accounts.create(email, await this.passwords.hash(password), locale);
  }

  /**
   * One lookup, one hash and one transaction, whether the email address has an account or not, so that timing reveals next to nothing.
   * A new account always gets its email.
   */
  private async registerUnseen(
    email: string,
    password: string,
    { locale, mayMail }: { locale: string | null; mayMail: boolean },
  ): Promise<void> {
    const claimant = await this.credentials.findClaimant(email);
    if (claimant) return this.repeat(email, claimant, { password, mayMail });
    try {
      await this.create(email, password, locale);
    } catch (error) {
      const winner = error instanceof EmailTaken && (await this.credentials.findClaimant(email));
      if (!winner) throw error;
      await this.repeat(email, winner, { password, mayMail });
    }
  }

  private async repeat(
    email: string,
    claimant: Account,
    { password, mayMail }: { password: string; mayMail: boolean },
  ): Promise<void> {
    const samePassword = await this.passwords.verify(password, passwordOf(claimant));
    await this.repeated.note(email, claimant, { samePassword, quiet: !mayMail });
  }
}

function requireNone(problem: FieldError | null): void {
  if (problem) throw new PasswordRefused(problem);
}
