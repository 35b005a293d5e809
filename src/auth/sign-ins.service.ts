import { Injectable } from '@nestjs/common';
import { MailService } from '../mail/mail.service.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.service.js';
import { type Origin, SessionsService, type TokenPair } from '../sessions/sessions.service.js';
import type { AccountAtLogin } from './credentials.repository.js';

/** Lets people in, and tells them of devices that were never seen with their account. */
@Injectable()
export class SignIns {
  constructor(
    private readonly sessions: SessionsService,
    private readonly mail: MailService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns null when since the account was read it was disabled or deleted, or all its sessions were closed */
  open(account: AccountAtLogin, origin: Origin): Promise<TokenPair | null> {
    if (!account.deviceIsNew) return this.sessions.open(account, origin);
    return this.database.inTransaction(async () => {
      const opened = await this.sessions.open(account, origin);
      if (opened) await this.tell(account, origin);
      return opened;
    });
  }

  private tell({ email, locale }: AccountAtLogin, origin: Origin): Promise<void> {
    return this.mail.enqueue('new_device', { to: email, locale }, { ...origin, at: this.clock.now() });
  }
}
