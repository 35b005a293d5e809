import { isLoopbackHost } from './formats.js';
import { isSafeForTokens } from './mail-formats.js';
import { misspeltNames, misspeltText, type MisspeltName } from './misspelt.js';
import { type Environment, readSettings, type SettingProblem, type Settings } from './environment.js';
import { SETTINGS } from './settings.js';

/** The start is refused: the message names each wrong setting and what it expects, and prints no value. */
export class BadSettings extends Error {
  constructor(problems: readonly SettingProblem[], misspelt: readonly MisspeltName[]) {
    const lines = [
      ...problems.map(({ name, expects }) => `${name}: expected ${expects}`),
      ...misspelt.map(misspeltText),
    ];
    super(`These settings are not valid:\n${lines.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'BadSettings';
  }
}

/** What production asks for beyond each setting's own form. */
function productionProblems(settings: Settings): SettingProblem[] {
  const problems: SettingProblem[] = [];
  for (const name of ['DATABASE_URL', 'AUTH_SECRET', 'ISSUER_URL'] as const) {
    if (settings[name] === undefined) problems.push({ name, expects: 'a value: it is required in production' });
  }
  for (const name of ['ISSUER_URL', 'LINK_BASE_URL', 'APP_URL'] as const) {
    const url = settings[name];
    if (url !== undefined && !isSafeForTokens(url)) {
      problems.push({ name, expects: 'https in production, or http on loopback' });
    }
  }
  if (settings.SMTP_URL && !settings.MAIL_FROM) {
    problems.push({ name: 'MAIL_FROM', expects: 'a value: it is required in production with SMTP_URL' });
  }
  if (settings.EMAIL_VERIFICATION === 'required' && !settings.SMTP_URL) {
    problems.push({
      name: 'SMTP_URL',
      expects: 'a value: it is required in production with EMAIL_VERIFICATION=required',
    });
  }
  if (settings.BCRYPT_COST < 10) problems.push({ name: 'BCRYPT_COST', expects: '10 or more in production' });
  return problems;
}

/** What a setting asks of another one. */
function jointProblems({ SSF_RECEIVERS = [], SSF_ACCOUNT_EVENTS = [] }: Settings): SettingProblem[] {
  const known = new Set(SSF_RECEIVERS.map(({ id }) => id));
  if (SSF_ACCOUNT_EVENTS.every((id) => known.has(id))) return [];
  return [{ name: 'SSF_ACCOUNT_EVENTS', expects: SETTINGS.SSF_ACCOUNT_EVENTS.expects }];
}

/**
 * The settings of an environment, each of its own right form.
 * @throws BadSettings naming every setting that is wrong, or missing in production
 */
export function checkedSettings(env: Environment): Settings {
  const { settings, problems } = readSettings(env);
  const wrong = new Set(problems.map((problem) => problem.name.replace(/_FILE$/, '')));
  const further = settings.NODE_ENV === 'production' ? productionProblems(settings) : [];
  if (!wrong.has('SSF_RECEIVERS')) further.push(...jointProblems(settings));
  problems.push(...further.filter((problem) => !wrong.has(problem.name)));
  if (problems.length > 0) throw new BadSettings(problems, misspeltNames(env));
  return settings;
}

/** Settings that lack nothing: outside production the database and the secret may have been made on the spot. */
export type CompleteSettings = Settings & { readonly DATABASE_URL: string; readonly AUTH_SECRET: readonly Buffer[] };

/** What the service runs with, fixed at start. Names carry their units. */
export class Config {
  readonly production = this.settings.NODE_ENV === 'production';
  readonly databaseUrl = this.settings.DATABASE_URL;
  readonly databaseDirectUrl = this.settings.DATABASE_DIRECT_URL ?? this.settings.DATABASE_URL;
  /** The serving connections lead through a pooler such as PgBouncer. */
  readonly databasePooled = this.databaseDirectUrl !== this.databaseUrl;
  readonly databasePoolSize = this.settings.DATABASE_POOL_SIZE;
  readonly preparedStatements = this.settings.PREPARED_STATEMENTS === 'on';
  /** The first makes, every one is accepted. */
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
  /** Each by a token of its own; one id may be here with several. */
  readonly ssfReceivers = this.settings.SSF_RECEIVERS ?? [];
  /** The ids of those that are told of accounts, too. */
  readonly ssfAccountReceivers = this.settings.SSF_ACCOUNT_EVENTS ?? [];
  readonly accountErasureDays = this.settings.ACCOUNT_ERASURE_DAYS;
  readonly passwordMinLength = this.settings.PASSWORD_MIN_LENGTH;
  /** What a password may not be built from, beside the owner's address and the issuer's host. */
  readonly passwordContextWords = this.settings.PASSWORD_CONTEXT_WORDS ?? [];
  /** Without a slash at its end. None: nobody is asked. */
  readonly pwnedPasswordsUrl = this.settings.PWNED_PASSWORDS_URL;
  readonly bcryptCost = this.settings.BCRYPT_COST;
  /** 0: for ever. */
  readonly auditDays = this.settings.AUDIT_DAYS;
  readonly auditIpDays = this.settings.AUDIT_IP_DAYS;
  readonly rateLimits = this.settings.RATE_LIMITS === 'on';
  readonly loginFailuresPerHour = this.settings.LOGIN_FAILURES_PER_HOUR;
  readonly loginFailuresPerAddress = this.settings.LOGIN_FAILURES_PER_ADDRESS;
  readonly requestsPerAddress = this.settings.REQUESTS_PER_ADDRESS;
  readonly trustedProxies = this.settings.TRUSTED_PROXIES ?? [];
  readonly corsOrigins = this.settings.CORS_ORIGINS ?? [];
  /** None: mails wait, or outside production appear on a page. */
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
  /** Nobody has said where the service is: whoever started it under another port did not tell this process. */
  readonly linkBaseUrlAssumed = this.settings.LINK_BASE_URL === undefined && this.settings.ISSUER_URL === undefined;
  /** Nobody logs in before the address is confirmed. */
  readonly emailVerificationRequired = this.settings.EMAIL_VERIFICATION === 'required';
  readonly changePasswordUrl = this.settings.CHANGE_PASSWORD_URL ?? `${this.linkBaseUrl}/forgot-password`;
  readonly defaultLocale = this.settings.DEFAULT_LOCALE;
  readonly logLevel = this.settings.LOG_LEVEL;
  /** None: metrics are counted, and nobody is told. */
  readonly metrics =
    this.settings.METRICS_PORT === undefined
      ? undefined
      : { port: this.settings.METRICS_PORT, host: this.settings.METRICS_HOST };
  /** None: no traces are made. */
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
