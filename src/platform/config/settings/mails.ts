import { LOCALES } from '../../locale.value.js';
import { appName, baseUrl, sender, smtpUrl, webUrl } from '../mail-formats.js';
import { oneOf, text } from '../setting.js';

/** Settings for emails and the pages that their links open. */
export const MAIL_SETTINGS = {
  APP_NAME: text('a name of 1 to 60 visible characters, on one line', appName, {
    defaultNote: 'the host of the issuer',
    about: 'The name of your app, as people know it. It appears in emails and on the pages that their links lead to.',
  }),
  APP_URL: text('an http(s) URL (in production https, or http on loopback)', webUrl, {
    defaultNote: 'none: the pages do not lead on',
    about: 'Your app, or its login page. The pages for links in emails lead there once they are done.',
  }),
  SMTP_URL: text(
    'smtp://user:password@host:587 or smtps://…:465; append `?requireTLS=false` to allow sending without TLS',
    smtpUrl,
    {
      defaultNote: 'none: in production emails wait in the database; otherwise they appear at `/dev/mailbox`',
      about: 'The mail server. In production TLS is required, except on loopback. The certificate is always verified.',
    },
  ),
  MAIL_FROM: text('an email address, optionally with a name: Example <auth@example.com>', sender, {
    defaultNote: '`no-reply@` and the host of the issuer; required in production with `SMTP_URL`',
    about: 'The sender of emails.',
  }),
  LINK_BASE_URL: text('an http(s) URL without query or fragment (in production https, or http on loopback)', baseUrl, {
    defaultNote: 'the issuer',
    about: 'The base URL of links in emails: your front end, or the service itself.',
  }),
  EMAIL_VERIFICATION: oneOf(['optional', 'required'], {
    default: 'optional',
    about:
      'With `required`, users must confirm their email address before they can log in, and registration does not reveal who has an account.',
  }),
  CHANGE_PASSWORD_URL: text('an http(s) URL', webUrl, {
    defaultNote: '`LINK_BASE_URL` and `/forgot-password`',
    about: 'Where `/.well-known/change-password` redirects to: your page to change a password.',
  }),
  DEFAULT_LOCALE: oneOf(LOCALES, {
    default: 'en',
    about: 'The language of emails to users who have not chosen one.',
  }),
} as const;
