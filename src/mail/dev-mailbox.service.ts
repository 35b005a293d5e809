import { Injectable } from '@nestjs/common';
import type { OutgoingMail } from './mail.value.js';

const MOST_MAILS = 100;

/** The latest emails of this process if there is no mail server. For development; in memory only. */
@Injectable()
export class DevMailbox {
  private mails: readonly OutgoingMail[] = [];

  /** Stores an email, replacing an earlier attempt of the same one. */
  keep(mail: OutgoingMail): void {
    this.mails = [mail, ...this.mails.filter(({ id }) => id !== mail.id)].slice(0, MOST_MAILS);
  }

  /** Newest first. */
  list(): readonly OutgoingMail[] {
    return this.mails;
  }

  find(id: string): OutgoingMail | undefined {
    return this.mails.find((mail) => mail.id === id);
  }
}
