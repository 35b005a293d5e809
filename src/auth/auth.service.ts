import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Guesses } from '../limits/guesses.service.js';
import { Config } from '../platform/config/config.js';
import { EmailNotVerified, HashingFailed, HashQueueFull, InvalidCredentials } from './auth.errors.js';
import { type Account, passwordOf } from './credentials/account.value.js';
import { CredentialsRepository } from './credentials/credentials.repository.js';
import type { PasswordHash } from './passwords/password-hash.value.js';
import { PasswordsService } from './passwords/passwords.service.js';
import { type LoginOrigin, type SignIn, SignIns } from './sign-ins.service.js';

/** Proving who one is, with a password. Addresses are as `parseEmailAddress` gives them. */
@Injectable()
export class AuthService {
  constructor(
    private readonly credentials: CredentialsRepository,
    private readonly passwords: PasswordsService,
    private readonly signIns: SignIns,
    private readonly guesses: Guesses,
    private readonly config: Config,
    private readonly audit: AuditService,
  ) {}

  /**
   * Does the same work for an account that does not exist, so that neither answer nor time tells.
   * @throws TooManyRequests
   * @throws InvalidCredentials whatever was wrong
   * @throws EmailNotVerified
   * @throws HashQueueFull, HashingFailed
   */
  async login(email: string, password: string, origin: LoginOrigin): Promise<SignIn> {
    if (!this.signIns.mayBeKnown(origin)) this.guesses.requireOpen(email);
    const account = await this.signIns.find(email, origin);
    const stored = account && passwordOf(account);
    const { right, waitBegins } = await this.guesses.login(
      email,
      account?.knownDevice ?? null,
      async () => (await this.passwords.verify(password, stored)) && !account?.disabled,
    );
    if (!account || !stored || !right) throw await this.refused(account, waitBegins);
    if (this.config.emailVerificationRequired && !account.emailVerified) {
      await this.recordRefusal(account);
      throw new EmailNotVerified();
    }
    await this.renewIfOutdated(account.id, password, stored);
    const opened = await this.signIns.open(account, origin);
    if (!opened) throw await this.refused(account);
    return opened;
  }

  private async refused(account: Account | null, waitBegins = false): Promise<InvalidCredentials> {
    await this.recordRefusal(account);
    if (waitBegins) await this.audit.record({ type: 'login_limited', actorId: null, subjectId: account?.id ?? null });
    return new InvalidCredentials();
  }

  /** The same row for an account that does not exist. Nobody has proven to be the account's owner: there is no actor. */
  private async recordRefusal(account: Account | null): Promise<void> {
    const detail = { disabled: account?.disabled ?? false };
    await this.audit.record({ type: 'login_failed', actorId: null, subjectId: account?.id ?? null, detail });
  }

  /** A login must not fail because there was no time to make its hash better: the next one will. */
  private async renewIfOutdated(userId: string, password: string, stored: PasswordHash): Promise<void> {
    if (!this.passwords.isOutdated(stored)) return;
    try {
      await this.credentials.renew(userId, stored.hash, await this.passwords.hash(password));
    } catch (error) {
      if (!(error instanceof HashQueueFull || error instanceof HashingFailed)) throw error;
    }
  }
}
