import type { Transporter } from 'nodemailer';
import type { SmtpServer } from '../platform/config/mail-formats.js';
import { RetryIsPointless } from '../platform/jobs/job.js';
import { MailNotSent } from './mail.errors.js';
import type { OutgoingMail } from './mail.value.js';

const CONNECT_MILLIS = 10_000;
/** Longest silence of the server. Some look long at what they were given before they take it. */
const SILENCE_MILLIS = 30_000;

/** Sends mails by SMTP (RFC 5321). */
export class Smtp {
  private transporter: Promise<Transporter> | undefined;

  constructor(private readonly server: SmtpServer) {}

  /**
   * @throws MailNotSent when it may go better later
   * @throws RetryIsPointless when the server refused this mail or its address for good
   */
  async send({ from, to, writtenAt: date, subject, text, html, messageId, headers }: OutgoingMail): Promise<void> {
    this.transporter ??= this.connectLater();
    const transporter = await this.transporter;
    const recipient = { name: '', address: to };
    await transporter.sendMail({ from, to: recipient, date, subject, text, html, messageId, headers }).catch(fail);
  }

  /** Loaded at the first mail: until then it would only take memory. */
  private async connectLater(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    const { host, port, secure, requireTls, auth } = this.server;
    return createTransport({
      host,
      port,
      secure,
      requireTLS: requireTls === true,
      ...(auth && { auth }),
      connectionTimeout: CONNECT_MILLIS,
      dnsTimeout: CONNECT_MILLIS,
      greetingTimeout: CONNECT_MILLIS,
      socketTimeout: SILENCE_MILLIS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}

/** What the server says may quote the address, so only its number goes on. */
function fail(error: unknown): never {
  const { code, responseCode, command } = error as { code?: unknown; responseCode?: unknown; command?: unknown };
  if (typeof responseCode !== 'number') throw new MailNotSent(typeof code === 'string' ? code : 'unknown');
  // Refused before the address was named, it is the service that is refused: somebody will mend that.
  const isAboutThisMail = command === 'RCPT TO' || command === 'DATA';
  if (isAboutThisMail && responseCode >= 500) throw new RetryIsPointless(`refused by the mail server: ${responseCode}`);
  throw new MailNotSent(`SMTP_${responseCode}`);
}
