import { LOCALES } from '../../locale.value.js';
import { baseUrl, sender, smtpUrl, webUrl } from '../mail-formats.js';
import { oneOf, text } from '../setting.js';

/** Mails, and the pages that their links lead to. */
export const MAIL_SETTINGS = {
  SMTP_URL: text('smtp://user:password@host:587 or smtps://…:465, with `?requireTLS=false` if need be', smtpUrl, {
    defaultNote: 'none: in production mails wait in the database, elsewhere they appear on `/dev/mailbox`',
    about: 'The mail server. In production TLS is required but on loopback; its certificate is always checked.',
  }),
  MAIL_FROM: text('an address, or a name and an address: Example <auth@example.com>', sender, {
    defaultNote: '`no-reply@` the host of the issuer; required in production with `SMTP_URL`',
    about: 'Whom mails come from.',
  }),
  LINK_BASE_URL: text('an http(s) URL without query or fragment (in production https, or http on loopback)', baseUrl, {
    defaultNote: 'the issuer',
    about: 'Where the pages are that links in mails lead to: your front end, or the service itself.',
  }),
  EMAIL_VERIFICATION: oneOf(['optional', 'required'], {
    default: 'optional',
    about:
      'With `required` nobody logs in before the address is confirmed, and registration tells no stranger who has an account.',
  }),
  CHANGE_PASSWORD_URL: text('an http(s) URL', webUrl, {
    defaultNote: '`LINK_BASE_URL` and `/forgot-password`',
    about: 'Where `/.well-known/change-password` leads: your page for a new password.',
  }),
  DEFAULT_LOCALE: oneOf(LOCALES, {
    default: 'en',
    about: 'The language of mails to those who have not chosen one.',
  }),
} as const;
