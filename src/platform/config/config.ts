import { isLoopbackHost } from './formats.js';
import type { Settings } from './environment.js';

/** Settings with a database and a secret. Outside production both may have been created by the service itself. */
export type CompleteSettings = Settings & { readonly DATABASE_URL: string; readonly AUTH_SECRET: readonly Buffer[] };

/** The configuration of the service, fixed at start. Names carry their units. */
export class Config {
  readonly production = this.settings.NODE_ENV === 'production';
  readonly databaseUrl = this.settings.DATABASE_URL;
  readonly databaseDirectUrl = this.settings.DATABASE_DIRECT_URL ?? this.settings.DATABASE_URL;
  /** True if the connections that serve requests go through a pooler such as PgBouncer. */
  readonly databasePooled = this.databaseDirectUrl !== this.databaseUrl;
  readonly databasePoolSize = this.settings.DATABASE_POOL_SIZE;
  readonly preparedStatements = this.settings.PREPARED_STATEMENTS === 'on';
  /** The first secret protects new data; all of them are accepted. */
  readonly authSecrets = this.settings.AUTH_SECRET;
  readonly issuerUrl = this.settings.ISSUER_URL ?? `http://localhost:${this.settings.PORT}`;
  readonly audience = this.settings.AUDIENCE ?? this.issuerUrl;
  readonly host = this.settings.HOST;
  readonly port = this.settings.PORT;
  readonly shutdownDelaySeconds = this.settings.SHUTDOWN_DELAY_SECONDS ?? (this.production ? 3 : 0);
  readonly accessTokenSeconds = this.settings.ACCESS_TOKEN_SECONDS;
  readonly refreshTokenSeconds = this.settings.REFRESH_TOKEN_SECONDS;
  readonly sessionSeconds = this.settings.SESSION_SECONDS;
  readonly refreshReuseSeconds = this.settings.REFRESH_REUSE_SECONDS;
  readonly signingKeySeconds = this.settings.SIGNING_KEY_DAYS * 86_400;
  readonly revocationStreams = this.settings.REVOCATION_STREAMS;
  readonly revocationStreamsPerAddress = this.settings.REVOCATION_STREAMS_PER_ADDRESS;
  /** Each entry has its own token. One id may be listed more than once, to have several tokens. */
  readonly ssfReceivers = this.settings.SSF_RECEIVERS ?? [];
  /** The ids of those that are told of accounts, too. */
  readonly ssfAccountReceivers = this.settings.SSF_ACCOUNT_EVENTS ?? [];
  readonly accountErasureDays = this.settings.ACCOUNT_ERASURE_DAYS;
  readonly passwordMinLength = this.settings.PASSWORD_MIN_LENGTH;
  /** Words that a password must not be built from, in addition to the owner's email address and the host of the issuer. */
  readonly passwordContextWords = this.settings.PASSWORD_CONTEXT_WORDS ?? [];
  /** No trailing slash. Undefined: passwords are not checked against a breach service. */
  readonly pwnedPasswordsUrl = this.settings.PWNED_PASSWORDS_URL;
  readonly bcryptCost = this.settings.BCRYPT_COST;
  /** 0: forever. */
  readonly auditDays = this.settings.AUDIT_DAYS;
  readonly auditIpDays = this.settings.AUDIT_IP_DAYS;
  readonly rateLimits = this.settings.RATE_LIMITS === 'on';
  readonly loginFailuresPerHour = this.settings.LOGIN_FAILURES_PER_HOUR;
  readonly loginFailuresPerAddress = this.settings.LOGIN_FAILURES_PER_ADDRESS;
  readonly requestsPerAddress = this.settings.REQUESTS_PER_ADDRESS;
  readonly trustedProxies = this.settings.TRUSTED_PROXIES ?? [];
  readonly corsOrigins = this.settings.CORS_ORIGINS ?? [];
  /** Undefined: emails wait in the database in production, and appear at `/dev/mailbox` otherwise. */
  readonly smtp = this.settings.SMTP_URL && {
    ...this.settings.SMTP_URL,
    requireTls: this.settings.SMTP_URL.requireTls ?? (this.production && !isLoopbackHost(this.settings.SMTP_URL.host)),
  };
  readonly mailFrom = {
    name: this.settings.MAIL_FROM?.name || (this.settings.APP_NAME ?? ''),
    address: this.settings.MAIL_FROM?.address ?? `no-reply@${new URL(this.issuerUrl).hostname}`,
  };
  /** What people know the service by: the app that they use it for, or else its host. */
  readonly appName = this.settings.APP_NAME ?? new URL(this.issuerUrl).hostname;
  /** Where people go on from a page that is done, and how that place is called. */
  readonly app =
    this.settings.APP_URL === undefined
      ? undefined
      : {
          url: this.settings.APP_URL,
          name: this.settings.APP_NAME ?? new URL(this.settings.APP_URL).host,
        };
  /** Without a slash at its end. */
  readonly linkBaseUrl = this.settings.LINK_BASE_URL ?? this.issuerUrl;
  /** True if the address in links is only a guess: in a container with a mapped port, for example, it may be wrong. */
  readonly linkBaseUrlAssumed = this.settings.LINK_BASE_URL === undefined && this.settings.ISSUER_URL === undefined;
  /** True if users must confirm their email address before they can log in. */
  readonly emailVerificationRequired = this.settings.EMAIL_VERIFICATION === 'required';
  readonly changePasswordUrl = this.settings.CHANGE_PASSWORD_URL ?? `${this.linkBaseUrl}/forgot-password`;
  readonly defaultLocale = this.settings.DEFAULT_LOCALE;
  readonly logLevel = this.settings.LOG_LEVEL;
  /** Undefined: metrics are counted but not served. */
  readonly metrics =
    this.settings.METRICS_PORT === undefined
      ? undefined
      : { port: this.settings.METRICS_PORT, host: this.settings.METRICS_HOST };
  /** Undefined: no traces are recorded. */
  readonly traces =
    this.settings.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
      ? undefined
      : {
          endpoint: this.settings.OTEL_EXPORTER_OTLP_ENDPOINT,
          serviceName: this.settings.OTEL_SERVICE_NAME,
          ratio: this.settings.OTEL_TRACES_SAMPLER_ARG,
        };
  readonly dataDir = this.settings.DATA_DIR;

  constructor(private readonly settings: CompleteSettings) {}
}
