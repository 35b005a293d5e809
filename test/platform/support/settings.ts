import { randomBytes } from 'node:crypto';
import { BadSettings, checkedSettings } from '../../../src/platform/config/checked-settings.js';
import type { SettingName } from '../../../src/platform/config/settings.js';

export const SECRET = randomBytes(32).toString('base64url');
export const DATABASE_URL = 'postgres://user:password@db.example/auth';

/** Good texts of settings, and what they are read as. */
export const RIGHT: [SettingName, string, unknown][] = [
  ['DATABASE_URL', DATABASE_URL, DATABASE_URL],
  ['DATABASE_URL', 'postgresql://[::1]:5433/auth?sslmode=require', 'postgresql://[::1]:5433/auth?sslmode=require'],
  ['AUTH_SECRET', `${SECRET} , ${SECRET}`, [SECRET, SECRET].map((text) => Buffer.from(text, 'base64url'))],
  ['ISSUER_URL', 'https://auth.example:8443', 'https://auth.example:8443'],
  ['PORT', ' 0 ', 0],
  ['PORT', '65535', 65535],
  ['ACCESS_TOKEN_SECONDS', '60', 60],
  ['ACCESS_TOKEN_SECONDS', '900', 900],
  ['REFRESH_REUSE_SECONDS', '0', 0],
  ['TRUSTED_PROXIES', '10.0.0.0/8, ::1,fd00::/8', ['10.0.0.0/8', '::1', 'fd00::/8']],
  ['CORS_ORIGINS', 'https://app.example,http://localhost:5173', ['https://app.example', 'http://localhost:5173']],
  [
    'SSF_RECEIVERS',
    `shop:${'0a'.repeat(32)}, https://mail.example:8443/ssf:${'FF'.repeat(32)}`,
    [
      { id: 'shop', digest: Buffer.alloc(32, 0x0a) },
      { id: 'https://mail.example:8443/ssf', digest: Buffer.alloc(32, 0xff) },
    ],
  ],
  ['SSF_ACCOUNT_EVENTS', ' shop ,https://mail.example/ssf', ['shop', 'https://mail.example/ssf']],
  ['LOG_LEVEL', 'silent', 'silent'],
  ['SHUTDOWN_DELAY_SECONDS', '0', 0],
  ['METRICS_PORT', '9464', 9464],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector:4318/', 'http://collector:4318'],
  ['OTEL_TRACES_SAMPLER_ARG', '.25', 0.25],
  ['SMTP_URL', 'smtp://mail', { host: 'mail', port: 587, secure: false, requireTls: undefined, auth: undefined }],
  [
    'SMTP_URL',
    'smtps://ada%40example.com:p%25%2F@mail.example:2465/',
    {
      host: 'mail.example',
      port: 2465,
      secure: true,
      requireTls: undefined,
      auth: { user: 'ada@example.com', pass: 'p%/' },
    },
  ],
  [
    'SMTP_URL',
    'smtp://[::1]:25?requireTLS=true',
    { host: '::1', port: 25, secure: false, requireTls: true, auth: undefined },
  ],
  ['MAIL_FROM', 'auth@example.com', { name: '', address: 'auth@example.com' }],
  ['MAIL_FROM', 'Служба входа <auth@example.com>', { name: 'Служба входа', address: 'auth@example.com' }],
  ['MAIL_FROM', '"Example, Inc." <auth@example.com>', { name: 'Example, Inc.', address: 'auth@example.com' }],
  ['LINK_BASE_URL', 'https://app.example/account/', 'https://app.example/account'],
  ['APP_NAME', ' Acme ', 'Acme'],
  ['APP_NAME', `"Ada's" <b>&amp;</b>`, `"Ada's" <b>&amp;</b>`],
  ['APP_NAME', 'Ромашка 🌼 👩‍💻', 'Ромашка 🌼 👩‍💻'],
  ['APP_NAME', 'חברה', 'חברה'],
  ['APP_NAME', 'Cafe\u0301', 'Caf\u00e9'],
  ['APP_NAME', '🌼'.repeat(60), '🌼'.repeat(60)],
  ['APP_URL', 'https://app.example', 'https://app.example/'],
  ['APP_URL', 'http://app.example/login?from=mail#top', 'http://app.example/login?from=mail#top'],
  ['CHANGE_PASSWORD_URL', 'https://app.example/account#password', 'https://app.example/account#password'],
  ['PWNED_PASSWORDS_URL', 'https://api.pwnedpasswords.com/range/', 'https://api.pwnedpasswords.com/range'],
  ['PWNED_PASSWORDS_URL', 'http://[::1]:8080/range', 'http://[::1]:8080/range'],
  ['AUDIENCE', 'any thing', 'any thing'],
];

/** What must stand beside a setting. */
export const BESIDE: Partial<Record<SettingName, Record<string, string>>> = {
  SSF_ACCOUNT_EVENTS: { SSF_RECEIVERS: `shop:${'0a'.repeat(32)},https://mail.example/ssf:${'0b'.repeat(32)}` },
};

/** @returns what the operator is told */
export function refusalOf(env: Record<string, string>): string {
  try {
    checkedSettings(env);
  } catch (error) {
    if (error instanceof BadSettings) return error.message;
    throw error;
  }
  throw new Error('the settings were not refused');
}

export const linesOf = (message: string): string[] => message.split('\n').slice(1);
