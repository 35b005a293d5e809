import { describe, expect, it } from '@jest/globals';
import { misspeltNames } from '../../../src/platform/config/misspelt.js';
import { SETTINGS } from '../../../src/platform/config/settings.js';
import { linesOf, refusalOf } from '../support/settings.js';

describe('A name in the environment', () => {
  it.each([
    ['ACCES_TOKEN_SECONDS', 'ACCESS_TOKEN_SECONDS'],
    ['ACCESS_TOKEN_SECOND', 'ACCESS_TOKEN_SECONDS'],
    ['SMTP_URI', 'SMTP_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASEURL', 'DATABASE_URL'],
    ['AUTH_SECRETS', 'AUTH_SECRET'],
    ['AUTH_SERCET', 'AUTH_SECRET'],
    ['AUTH_SECRT_FILE', 'AUTH_SECRET'],
    ['PROT', 'PORT'],
    ['port', 'PORT'],
    ['LOGLEVEL', 'LOG_LEVEL'],
  ])('%s is taken for a misspelt %s', (name, meant) => {
    expect(misspeltNames({ [name]: 'canary' })).toEqual([{ name, meant }]);
  });

  it.each(['PATH', 'HOME', 'HOSTNAME', 'TEST', 'URL', 'JWT_SECRET', 'OTEL_EXPORTER_OTLP_HEADERS'])(
    '%s is somebody else’s',
    (name) => {
      expect(misspeltNames({ [name]: 'canary' })).toEqual([]);
    },
  );

  it('is not looked at when it is too long to be one', () => {
    expect(misspeltNames({ [`PORT${'T'.repeat(1_000_000)}`]: 'canary' })).toEqual([]);
  });

  it('is right as it is documented, and as the file of that name', () => {
    const names = Object.keys(SETTINGS).flatMap((name) => [name, `${name}_FILE`]);
    expect(misspeltNames(Object.fromEntries(names.map((name) => [name, 'canary'])))).toEqual([]);
  });

  it('is told with the settings that are wrong, and its value is not', () => {
    const lines = linesOf(refusalOf({ PORT: '-1', DATABSE_URL: 'canary' }));
    expect(lines).toEqual([
      expect.stringMatching(/^ {2}PORT: expected /),
      '  DATABSE_URL: unknown setting. Did you mean DATABASE_URL?',
    ]);
  });
});
