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

/** Logs people in with a password. Email addresses are in the form that `parseEmailAddress` returns. */
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
   * Does the same work if the account does not exist, so that neither the answer nor its timing reveals that.
   * @throws TooManyRequests
   * @throws InvalidCredentials whatever is wrong
   * @throws EmailNotVerified
   * @throws HashQueueFull, HashingFailed
   */
  async login(email: string, password: string, origin: LoginOrigin): Promise<SignIn> {
    if (!this.signIns.mayBeKnown(origin)) this.guesses.requireOpen(email);
    this.passwords.requireRoom();
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

  /** Records the same row if the account does not exist. There is no actor, because nobody has proven to be the owner. */
  private async recordRefusal(account: Account | null): Promise<void> {
    const detail = { disabled: account?.disabled ?? false };
    await this.audit.record({ type: 'login_failed', actorId: null, subjectId: account?.id ?? null, detail });
  }

  /** Renewing the hash may fail when the pool is busy. The login must not fail with it; the next login tries again. */
  private async renewIfOutdated(userId: string, password: string, stored: PasswordHash): Promise<void> {
    if (!this.passwords.isOutdated(stored)) return;
    try {
      await this.credentials.renew(userId, stored.hash, await this.passwords.hash(password));
    } catch (error) {
      if (!(error instanceof HashQueueFull || error instanceof HashingFailed)) throw error;
    }
  }
}
