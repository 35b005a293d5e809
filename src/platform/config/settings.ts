import { LOCALES } from '../locale.value.js';
import {
  addressRange,
  areApart,
  auditDays,
  contextWord,
  origin,
  postgresUrl,
  ratio,
  secretBytes,
  signalReceiver,
} from './formats.js';
import { baseUrl, safeBaseUrl, sender, smtpUrl, webUrl } from './mail-formats.js';
import { list, oneOf, text, wholeNumber } from './setting.js';

const anyText = (value: string): string => value;

/** Every setting of the service, in the order of its documentation. `.env.example` and the README's table are made from it. */
export const SETTINGS = {
  NODE_ENV: oneOf(['production', 'development', 'test'], {
    default: 'development',
    about: 'In `production` nothing is made up: a missing or weak setting stops the start.',
  }),
  DATABASE_URL: text('a PostgreSQL URL with a database name (postgres://user:password@host:port/name)', postgresUrl, {
    defaultNote: 'outside production: an embedded PostgreSQL in `DATA_DIR`; required in production',
    about: 'The database that serves requests.',
  }),
  DATABASE_DIRECT_URL: text('a PostgreSQL URL with a database name', postgresUrl, {
    defaultNote: '`DATABASE_URL`',
    about: 'Past a pooler such as PgBouncer: for migrations and other work that needs a session of its own.',
  }),
  DATABASE_POOL_SIZE: wholeNumber(1, 200, {
    default: '10',
    about: 'Connections to the database, for each replica.',
  }),
  PREPARED_STATEMENTS: oneOf(['on', 'off'], {
    default: 'on',
    about: 'Named statements for the busiest queries; `off` behind PgBouncer before 1.21.',
  }),
  AUTH_SECRET: list('base64url texts, each of 32 or more random bytes', secretBytes, {
    defaultNote: 'outside production: made once, kept in `DATA_DIR`; required in production',
    about: 'The one secret: every key is derived from it. In a list the first makes, every one is accepted.',
  }),
  ISSUER_URL: text('an origin such as https://auth.example.com (in production https, or http on loopback)', origin, {
    defaultNote: '`http://localhost:PORT`; required in production',
    about: 'The address callers know the service by; the `iss` of every token.',
  }),
  AUDIENCE: text('any text', anyText, {
    defaultNote: 'the issuer',
    about: 'The `aud` of every access token.',
  }),
  HOST: text('an address to listen on', anyText, {
    default: '127.0.0.1',
    about: 'The address to listen on; `0.0.0.0` in the image.',
  }),
  PORT: wholeNumber(0, 65535, { default: '3000', about: 'The port to listen on; 0 takes a free one.' }),
  SHUTDOWN_DELAY_SECONDS: wholeNumber(0, 5, {
    defaultNote: '3 in production, else 0',
    about:
      'How long after SIGTERM requests are still accepted while `/health/ready` says 503, for balancers to see it.',
  }),
  ACCESS_TOKEN_SECONDS: wholeNumber(60, 900, { default: '600', about: 'Life of an access token.' }),
  REFRESH_TOKEN_SECONDS: wholeNumber(60, 7_776_000, {
    default: '604800',
    about: 'How long a session lives without being refreshed.',
  }),
  SESSION_SECONDS: wholeNumber(60, 31_536_000, {
    default: '2592000',
    about: 'How long a session lives at most, however often it is refreshed.',
  }),
  REFRESH_REUSE_SECONDS: wholeNumber(0, 60, {
    default: '10',
    about: 'How long a used refresh token still gives its own successor (tabs, retries, lost answers).',
  }),
  SIGNING_KEY_DAYS: wholeNumber(1, 365, {
    default: '90',
    about: 'How long a key signs access tokens before the next one takes over by itself.',
  }),
  REVOCATION_STREAMS: wholeNumber(1, 100_000, {
    default: '1000',
    about: 'How many may follow `GET /revocations` at once, for each replica.',
  }),
  REVOCATION_STREAMS_PER_ADDRESS: wholeNumber(1, 100_000, {
    default: '20',
    about: 'How many of them from one IPv4 address or one IPv6 /64; behind a proxy set `TRUSTED_PROXIES`, too.',
  }),
  SSF_RECEIVERS: list(
    'id:digest (a name or URL, and the SHA-256 of its bearer token in hex, no digest twice)',
    signalReceiver,
    {
      defaultNote: 'none: `/ssf/poll` answers 404',
      about: 'Who may poll for Shared Signals, each by its own token; an id that is named twice has two tokens.',
    },
    areApart,
  ),
  ACCOUNT_ERASURE_DAYS: wholeNumber(0, 3650, {
    default: '14',
    about: 'How long a closed account can be restored before it is erased; 0 erases it within minutes.',
  }),
  PASSWORD_MIN_LENGTH: wholeNumber(8, 64, {
    default: '8',
    about: 'Shortest password, in characters. NIST SP 800-63B-4 asks for 15 where it is the only factor.',
  }),
  PASSWORD_CONTEXT_WORDS: list('words of 3 to 64 characters', contextWord, {
    defaultNote: "none but the host of `ISSUER_URL` and the owner's address",
    about: 'What a password may hold but not be built from: the names of your company and products.',
  }),
  PWNED_PASSWORDS_URL: text('an https URL without query or fragment (http only on loopback)', safeBaseUrl, {
    defaultNote: 'none: only the offline list of common passwords is asked',
    about:
      'Refuses new passwords that were found in breaches: `https://api.pwnedpasswords.com/range`, or a copy of it. It is told five ' +
      'digits of a SHA-1, never a password.',
  }),
  BCRYPT_COST: wholeNumber(4, 16, {
    default: '12',
    about: 'Work factor of a password hash, as a power of two; 10 or more in production.',
  }),
  AUDIT_DAYS: text('0, or a whole number from 30 to 36500', auditDays, {
    default: '365',
    about: 'How long the audit log keeps an event; 0: for ever.',
  }),
  AUDIT_IP_DAYS: wholeNumber(1, 36_500, {
    default: '90',
    about: 'How long the audit log keeps the address that an event came from.',
  }),
  RATE_LIMITS: oneOf(['on', 'off'], {
    default: 'on',
    about: '`off` is for load tests: passwords can then be guessed at will.',
  }),
  LOGIN_FAILURES_PER_HOUR: wholeNumber(10, 10_000_000, {
    default: '1000',
    about:
      'Wrong passwords in an hour over all accounts, past which an address has two more, and a network eight; devices that have ' +
      'logged in before are let in all the same. Raise it for a service of more than some 100,000 people.',
  }),
  LOGIN_FAILURES_PER_ADDRESS: wholeNumber(5, 1_000_000, {
    default: '50',
    about: 'The same for one IPv4 address or IPv6 /64, and four times as many for one IPv4 /24 or IPv6 /48.',
  }),
  REQUESTS_PER_ADDRESS: wholeNumber(5, 1_000_000, {
    default: '100',
    about:
      'Registrations, mails asked for, bad links and bad refresh tokens in an hour, of each so many, from one address; four ' +
      'times as many from one network.',
  }),
  TRUSTED_PROXIES: list('addresses or CIDR ranges', addressRange, {
    defaultNote: 'none: `X-Forwarded-*` is ignored',
    about:
      'The proxies whose `X-Forwarded-*` headers are believed. Behind one it must be set, or all callers share its limits.',
  }),
  CORS_ORIGINS: list('origins such as https://app.example.com', origin, {
    defaultNote: 'none',
    about: 'Browser origins that may call the API and use its cookies.',
  }),
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
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    about: 'The least serious log line that is written.',
  }),
  METRICS_PORT: wholeNumber(0, 65535, {
    defaultNote: 'none: no metrics are served',
    about: 'The port of `GET /metrics`, for Prometheus; 0 takes a free one.',
  }),
  METRICS_HOST: text('an address to listen on', anyText, {
    default: '127.0.0.1',
    about: 'The address to listen on for metrics; `0.0.0.0` in the image. Keep the port from the internet.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: text('an http(s) URL', baseUrl, {
    defaultNote: 'none: no traces are made',
    about: 'A collector of OpenTelemetry traces, by OTLP over HTTP; they go to `/v1/traces` there.',
  }),
  OTEL_SERVICE_NAME: text('any text', anyText, {
    default: 'auth-service',
    about: 'What the service is called in traces.',
  }),
  OTEL_TRACES_SAMPLER_ARG: text('a number from 0 to 1', ratio, {
    default: '1',
    about: 'Which part of the traces that begin here is collected; those that callers began keep what they decided.',
  }),
  DATA_DIR: text('a folder', anyText, {
    default: '.data',
    about: 'Where the embedded PostgreSQL and the made secret live; not used in production.',
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;
