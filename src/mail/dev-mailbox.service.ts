import { Injectable } from '@nestjs/common';
import type { OutgoingMail } from './mail.value.js';

const MOST_MAILS = 100;

/** The latest mails of this process where there is no mail server: for development, in memory only. */
@Injectable()
export class DevMailbox {
  private mails: readonly OutgoingMail[] = [];

  /** A mail that comes again takes the place of itself. */
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
