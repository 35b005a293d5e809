import { describe, expect, it } from '@jest/globals';
import { checkedSettings } from '../../../src/platform/config/checked-settings.js';
import { Config } from '../../../src/platform/config/config.js';
import { type SettingName, SETTINGS } from '../../../src/platform/config/settings.js';
import { BESIDE, DATABASE_URL, linesOf, refusalOf, RIGHT, SECRET } from '../support/settings.js';

/** What each setting must not be. Every value says `canary`, or is short enough to be looked for as it is. */
const WRONG: Record<SettingName, string[]> = {
  NODE_ENV: ['canary', 'Production', 'production,test'],
  DATABASE_URL: [
    'canary',
    'mysql://canary/auth',
    'postgres://canary',
    'postgres://canary/',
    'postgres:canary:x',
    'postgres://u:canary%zz@db/auth',
    'postgres://u:canary%ff@db/auth',
  ],
  DATABASE_DIRECT_URL: ['canary', 'http://canary/auth', 'postgres://canary'],
  DATABASE_POOL_SIZE: ['0', '201', '-1', '1.5', '1e2', 'canary', '0x10', '٣'],
  PREPARED_STATEMENTS: ['true', 'ON', 'canary'],
  AUTH_SECRET: [
    'canary',
    'abcd'.repeat(16),
    `${SECRET},`,
    `${SECRET},canary`,
    `${SECRET}=`,
    'A'.repeat(43),
    '0'.repeat(64),
  ],
  ISSUER_URL: [
    'canary',
    'ftp://canary',
    'https://canary/',
    'https://canary/path',
    'https://u:p@canary',
    'https://CANARY',
    'https://canary:443',
    'https://canary?x',
    'https://canary#x',
  ],
  AUDIENCE: [],
  HOST: [],
  PORT: ['-1', '65536', '80.0', 'canary', '٣٠٠٠'],
  SHUTDOWN_DELAY_SECONDS: ['-1', '6', '3s', 'canary'],
  ACCESS_TOKEN_SECONDS: ['59', '901', '10m', 'canary'],
  REFRESH_TOKEN_SECONDS: ['59', '7776001', 'canary'],
  SESSION_SECONDS: ['59', '31536001', 'canary'],
  REFRESH_REUSE_SECONDS: ['-1', '61', 'canary'],
  SIGNING_KEY_DAYS: ['0', '366', '90d', 'canary'],
  REVOCATION_STREAMS: ['0', '100001', 'canary'],
  REVOCATION_STREAMS_PER_ADDRESS: ['0', '100001', 'canary'],
  SSF_RECEIVERS: [
    'canary',
    `canary:${'a'.repeat(63)}`,
    `canary:${'a'.repeat(65)}`,
    `canary:${'g'.repeat(64)}`,
    `:${'a'.repeat(64)}`,
    `canary ${'a'.repeat(64)}`,
    `the canary:${'a'.repeat(64)}`,
    `${'canary'.repeat(43)}:${'a'.repeat(64)}`,
    `canary:${'a'.repeat(64)},`,
    `canary:${'a'.repeat(64)},canaries:${'A'.repeat(64)}`,
  ],
  SSF_ACCOUNT_EVENTS: ['the canary', 'canary', 'canary,', 'canary'.repeat(43), `canary:${'a'.repeat(64)}`],
  ACCOUNT_ERASURE_DAYS: ['-1', '3651', '14d', 'canary'],
  PASSWORD_MIN_LENGTH: ['7', '65', 'canary'],
  PASSWORD_CONTEXT_WORDS: ['ab', 'initech,', 'canary'.repeat(11), 'can\u0000ary', 'can\u200bary'],
  PWNED_PASSWORDS_URL: [
    'canary',
    'on',
    'http://canary.example/range',
    'https://canary/?x',
    'https://u:p@canary',
    'ftp://localhost',
  ],
  BCRYPT_COST: ['3', '17', 'canary'],
  AUDIT_DAYS: ['1', '29', '36501', '-1', '365d', 'canary'],
  AUDIT_IP_DAYS: ['0', '36501', 'canary'],
  RATE_LIMITS: ['ON', 'true'],
  LOGIN_FAILURES_PER_HOUR: ['9', '10000001'],
  LOGIN_FAILURES_PER_ADDRESS: ['4', '1000001'],
  REQUESTS_PER_ADDRESS: ['4', '1000001'],
  TRUSTED_PROXIES: [
    'canary',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0/8',
    '::1/129',
    '10.0.0.1,',
    '10.0.0.1/8/8',
    'true',
    '1',
  ],
  CORS_ORIGINS: ['*', 'canary', 'https://canary/', 'https://canary/app', 'null', 'https://canary,', 'https://*.canary'],
  APP_NAME: [
    'canary'.repeat(11),
    'can\r\nBcc: ary',
    'can\tary',
    'can\u0000ary',
    'can\u2028ary',
    'can\u202eary',
    'canary\u200f',
    'can\u2067ary',
    'can\u200bary',
    'can\u00adary',
    '\u200d',
    'can\ud83dary',
    'can\ue000ary',
  ],
  APP_URL: ['canary', '/canary', 'ftp://canary', 'javascript:canary', 'https://u:p@canary', '//canary'],
  SMTP_URL: [
    'canary',
    'http://canary',
    'smtp://',
    'smtp:canary',
    'smtp://canary/path',
    'smtp://canary#x',
    'smtp://canary:0',
    'smtp://canary:65536',
    'smtp://user@canary',
    'smtp://:canary@host',
    'smtp://u:canary%zz@host',
    'smtp://canary?requireTLS=maybe',
    'smtp://canary?tls.rejectUnauthorized=false',
    'smtps://canary?requireTLS=false',
  ],
  MAIL_FROM: [
    'canary',
    'canary@',
    '@canary',
    'a@canary, b@canary',
    'a@b@canary',
    'Name a@canary',
    'Name <a@canary',
    'a@canary>',
    '<canary>',
    'canary\r\nBcc: x@canary <a@canary>',
  ],
  LINK_BASE_URL: ['canary', 'ftp://canary', 'https://canary?x', 'https://canary#', 'https://u:p@canary', '//canary'],
  EMAIL_VERIFICATION: ['canary', 'true', 'Required'],
  CHANGE_PASSWORD_URL: ['canary', '/canary', 'ftp://canary', 'https://u:p@canary', '//canary'],
  DEFAULT_LOCALE: ['canary', 'EN', 'de'],
  LOG_LEVEL: ['canary', 'INFO', 'warning', '30'],
  METRICS_PORT: ['-1', '65536', 'canary'],
  METRICS_HOST: [],
  OTEL_EXPORTER_OTLP_ENDPOINT: ['canary', 'grpc://canary', 'http://u:p@canary', 'http://canary?x'],
  OTEL_SERVICE_NAME: [],
  OTEL_TRACES_SAMPLER_ARG: ['-1', '1.5', '2', 'canary', '1e-1', '.'],
  DATA_DIR: [],
};

describe('The settings', () => {
  it.each(Object.entries(WRONG).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    'refuse %s=%s, naming it and not its value',
    (name, value) => {
      const { expects } = SETTINGS[name as SettingName];
      const message = refusalOf({ [name]: value });
      expect(linesOf(message)).toEqual([`  ${name}: expected ${expects}`]);
      expect(message.replace(expects, '')).not.toMatch(/canary/i);
    },
  );

  it('name all that is wrong at once', () => {
    const wrong = Object.entries(WRONG).flatMap(([name, [value]]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    const lines = linesOf(refusalOf(Object.fromEntries(wrong)));
    expect(lines.map((line) => line.trim().split(':')[0])).toEqual(wrong.map(([name]) => name));
  });

  it.each(RIGHT)('read %s=%s', (name, value, expected) => {
    expect(checkedSettings({ ...BESIDE[name], [name]: value })[name]).toEqual(expected);
  });

  it('refuse a receiver of account events who is no receiver', () => {
    const settings = { ...BESIDE.SSF_ACCOUNT_EVENTS, SSF_ACCOUNT_EVENTS: 'shop,canary' };
    const { expects } = SETTINGS.SSF_ACCOUNT_EVENTS;
    expect(linesOf(refusalOf(settings))).toEqual([`  SSF_ACCOUNT_EVENTS: expected ${expects}`]);
    const both = { SSF_RECEIVERS: 'canary', SSF_ACCOUNT_EVENTS: 'shop' };
    expect(linesOf(refusalOf(both))).toEqual([expect.stringContaining('SSF_RECEIVERS: ')]);
  });

  it('have these defaults', () => {
    const settings = { ...checkedSettings({}), DATABASE_URL, AUTH_SECRET: [] };
    expect(new Config(settings)).toMatchObject({
      production: false,
      databaseDirectUrl: DATABASE_URL,
      databasePoolSize: 10,
      preparedStatements: true,
      issuerUrl: 'http://localhost:3000',
      audience: 'http://localhost:3000',
      host: '127.0.0.1',
      port: 3000,
      accessTokenSeconds: 600,
      refreshTokenSeconds: 604_800,
      sessionSeconds: 2_592_000,
      refreshReuseSeconds: 10,
      passwordMinLength: 8,
      bcryptCost: 12,
      trustedProxies: [],
      corsOrigins: [],
      logLevel: 'info',
      dataDir: '.data',
    });
  });

  it('take the issuer from the port, and the audience from the issuer', () => {
    const config = (env: object): Config =>
      new Config({ ...checkedSettings({ ...env }), DATABASE_URL, AUTH_SECRET: [] });
    expect(config({ PORT: '8080' })).toMatchObject({
      issuerUrl: 'http://localhost:8080',
      audience: 'http://localhost:8080',
    });
    expect(config({ ISSUER_URL: 'https://a.example' }).audience).toBe('https://a.example');
  });

  it.each([...Object.keys(SETTINGS)])('take an empty %s for a missing one', (name) => {
    expect(checkedSettings({ [name]: ' ' })).toEqual(checkedSettings({}));
  });
});
