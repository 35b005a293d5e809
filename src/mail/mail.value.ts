import type { Locale } from '../platform/locale.value.js';
import type { MailTemplate } from './templates/mails.value.js';

/** Whom a mail is for, and in which language. */
export interface Recipient {
  to: string;
  locale: Locale;
}

/** A mail in its final words. Sent again it is the same, by the same Message-ID. */
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
  /** When it was asked for. */
  writtenAt: Date;
  headers: Readonly<Record<string, string>>;
}
