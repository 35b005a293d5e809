import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DevMailbox } from '../../../src/mail/dev-mailbox.service.js';
import type { OutgoingMail } from '../../../src/mail/mail.value.js';
import type { MailTemplate } from '../../../src/mail/templates/mails.value.js';

/** A mail as its reader has it. */
export interface ReceivedMail {
  to: string;
  template: MailTemplate;
  subject: string;
  text: string;
  html: string;
  headers: Readonly<Record<string, string>>;
  /** Where its link leads. @throws when it has none */
  readonly link: string;
  /** What stands behind `#token=` in its link. @throws when it has none */
  readonly token: string;
}

export interface Wanted {
  to?: string;
  template?: MailTemplate;
}

interface Waiter {
  wanted: Wanted;
  take: (mail: ReceivedMail) => void;
}

const LINE = /"path":"\/dev\/mailbox\/([^"]+)"/;

/** The mails of one service, or of several that share it: each is handed out once, the oldest first. */
export class TestMailbox {
  private readonly arrived: ReceivedMail[] = [];
  private waiters: Waiter[] = [];

  /** The oldest mail that nobody has taken yet, or the first one to come. */
  async next(wanted: Wanted = {}, withinMs = 30_000): Promise<ReceivedMail> {
    const index = this.arrived.findIndex((mail) => fits(mail, wanted));
    if (index >= 0) return this.arrived.splice(index, 1)[0]!;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(late);
        this.waiters = this.waiters.filter((one) => one !== waiter);
      };
      const late = setTimeout(() => {
        leave();
        reject(new Error(`no mail ${JSON.stringify(wanted)} within ${withinMs} ms`));
      }, withinMs);
      const take = (mail: ReceivedMail): void => {
        leave();
        resolve(mail);
      };
      const waiter: Waiter = { wanted, take };
      this.waiters.push(waiter);
    });
  }

  /** Those that have arrived and that nobody has taken. */
  waiting(wanted: Wanted = {}): ReceivedMail[] {
    return this.arrived.filter((mail) => fits(mail, wanted));
  }

  /** The service says in its log that a mail waits, and where. */
  hear(line: string, app: NestFastifyApplication | undefined): void {
    const id = line.includes('"event":"mail_waits"') ? LINE.exec(line)?.[1] : undefined;
    const mail = id === undefined ? undefined : app?.get(DevMailbox, { strict: false }).find(id);
    if (!mail) return;
    const received = receivedOf(mail);
    const waiter = this.waiters.find(({ wanted }) => fits(received, wanted));
    if (waiter) waiter.take(received);
    else this.arrived.push(received);
  }
}

function fits(mail: ReceivedMail, { to, template }: Wanted): boolean {
  return (to === undefined || mail.to === to) && (template === undefined || mail.template === template);
}

function receivedOf({ to, template, subject, text, html, headers, messageId }: OutgoingMail): ReceivedMail {
  return {
    to,
    template,
    subject,
    text,
    html,
    headers: { ...headers, 'Message-ID': messageId },
    get link() {
      return found(/^https?:\/\/\S+$/m.exec(text)?.[0], 'link');
    },
    get token() {
      return decodeURIComponent(found(/#token=(\S+)$/m.exec(text)?.[1], 'token'));
    },
  };
}

function found(part: string | undefined, what: string): string {
  if (part === undefined) throw new Error(`the mail has no ${what}`);
  return part;
}
