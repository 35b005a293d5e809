import type { Transporter } from 'nodemailer';
import type { SmtpServer } from '../platform/config/mail-formats.js';
import { RetryIsPointless } from '../platform/jobs/job.js';
import { MailNotSent } from './mail.errors.js';
import type { OutgoingMail } from './mail.value.js';

const CONNECT_MILLIS = 10_000;
/** The longest wait for the server. Some scan a message for long before they accept it. */
const SILENCE_MILLIS = 30_000;

/** Sends emails by SMTP (RFC 5321). */
export class Smtp {
  private transporter: Promise<Transporter> | undefined;

  constructor(private readonly server: SmtpServer) {}

  /**
   * @throws MailNotSent if a later attempt may succeed
   * @throws RetryIsPointless if the server permanently refused this email or its address
   */
  async send({ from, to, writtenAt: date, subject, text, html, messageId, headers }: OutgoingMail): Promise<void> {
    this.transporter ??= this.connectLater();
    const transporter = await this.transporter;
    const recipient = { name: '', address: to };
    await transporter.sendMail({ from, to: recipient, date, subject, text, html, messageId, headers }).catch(fail);
  }

  /** Loads nodemailer when the first email is sent, to save memory until then. */
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

/** The server's message may contain the address, so only its code is kept. */
function fail(error: unknown): never {
  const { code, responseCode, command } = error as { code?: unknown; responseCode?: unknown; command?: unknown };
  if (typeof responseCode !== 'number') throw new MailNotSent(typeof code === 'string' ? code : 'unknown');
  // If the server refuses before it knows the recipient, it refuses the service as a whole: an operator can fix that.
  const isAboutThisMail = command === 'RCPT TO' || command === 'DATA';
  if (isAboutThisMail && responseCode >= 500) throw new RetryIsPointless(`refused by the mail server: ${responseCode}`);
  throw new MailNotSent(`SMTP_${responseCode}`);
}
