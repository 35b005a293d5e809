import { Injectable } from '@nestjs/common';
import type { KeptMail } from './mail.value.js';

const MOST_MAILS = 100;

/** The latest mails of this process where there is no mail server: for development, in memory only. */
@Injectable()
export class DevMailbox {
  private mails: readonly KeptMail[] = [];

  /** A mail that comes again takes the place of itself. */
  keep(mail: KeptMail): void {
    this.mails = [mail, ...this.mails.filter(({ id }) => id !== mail.id)].slice(0, MOST_MAILS);
  }

  /** Newest first. */
  list(): readonly KeptMail[] {
    return this.mails;
  }

  find(id: string): KeptMail | undefined {
    return this.mails.find((mail) => mail.id === id);
  }
}
