import type { Locale } from '../platform/locale.value.js';
import type { MailTemplate } from './templates/mails.value.js';

/** The recipient of an email and their language. */
export interface Recipient {
  to: string;
  locale: Locale;
}

/** A rendered email. A further attempt to send it has the same content and Message-ID. */
export interface OutgoingMail {
  id: string;
  template: MailTemplate;
  from: { name: string; address: string };
  to: string;
  subject: string;
  text: string;
  html: string;
  /** `<id@host>` (RFC 5322, 3.6.4) */
  messageId: string;
  /** When it was queued. */
  writtenAt: Date;
  headers: Readonly<Record<string, string>>;
}
