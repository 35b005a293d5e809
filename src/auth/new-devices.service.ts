import { Injectable } from '@nestjs/common';
import { Requests } from '../limits/requests.service.js';
import { MailService } from '../mail/mail.service.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.service.js';
import type { Origin } from '../sessions/sessions.service.js';
import type { Account } from './credentials/account.value.js';

/** Notifies people of logins from devices that are new to their account. */
@Injectable()
export class NewDevices {
  constructor(
    private readonly requests: Requests,
    private readonly mail: MailService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @param open returns null if the login is refused; then nothing is sent */
  async telling<Opened>(
    account: Account,
    { ip, userAgent }: Origin,
    open: () => Promise<Opened | null>,
  ): Promise<Opened | null> {
    if (!(await this.requests.mayTell(account))) return open();
    const { email, locale } = account;
    return this.database.inTransaction(async () => {
      const opened = await open();
      const mail = { ip, userAgent, at: this.clock.now() };
      if (opened) await this.mail.enqueue('new_device', { to: email, locale }, mail);
      return opened;
    });
  }
}
