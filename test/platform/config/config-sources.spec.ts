import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkedSettings } from '../../../src/platform/config/checked-settings.js';
import { type SettingName, SETTINGS } from '../../../src/platform/config/settings.js';
import { BESIDE, DATABASE_URL, linesOf, refusalOf, RIGHT, SECRET } from '../support/settings.js';

const PRODUCTION = { NODE_ENV: 'production', DATABASE_URL, AUTH_SECRET: SECRET, ISSUER_URL: 'https://auth.example' };

describe('In production the settings', () => {
  it('are good when they say what cannot be made up', () => {
    expect(checkedSettings(PRODUCTION)).toMatchObject({ NODE_ENV: 'production', BCRYPT_COST: 12 });
  });

  it.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])('may have the issuer %s', (url) => {
    expect(checkedSettings({ ...PRODUCTION, ISSUER_URL: url }).ISSUER_URL).toBe(url);
  });

  it.each(['http://localhost:8080/', 'https://app.example/'])('may have the app at %s', (url) => {
    expect(checkedSettings({ ...PRODUCTION, APP_URL: url }).APP_URL).toBe(url);
  });

  it.each([
    ['DATABASE_URL', ''],
    ['AUTH_SECRET', ''],
    ['ISSUER_URL', ''],
    ['AUTH_SECRET', 'canary'],
    ['ISSUER_URL', 'http://canary.example'],
    ['ISSUER_URL', 'http://localhost.canary'],
    ['LINK_BASE_URL', 'http://canary.example'],
    ['APP_URL', 'http://canary.example'],
    ['BCRYPT_COST', '9'],
    ['BCRYPT_COST', 'canary'],
  ])('refuse %s=%s', (name, value) => {
    const lines = linesOf(refusalOf({ ...PRODUCTION, [name]: value }));
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^  ${name}: expected `))]);
    expect(lines.join()).not.toContain('canary');
  });

  it('refuse to wait for mails that nobody sends', () => {
    const required = { ...PRODUCTION, EMAIL_VERIFICATION: 'required' };
    expect(linesOf(refusalOf(required))).toEqual([expect.stringMatching(/^ {2}SMTP_URL: expected /)]);
    const mail = { SMTP_URL: 'smtp://mail', MAIL_FROM: 'auth@example.com' };
    expect(checkedSettings({ ...required, ...mail })).toMatchObject({ EMAIL_VERIFICATION: 'required' });
  });
});

describe('A setting in a file', () => {
  let folder: string;
  const file = async (text: string): Promise<string> => {
    const at = path.join(folder, randomBytes(4).toString('hex'));
    await writeFile(at, text);
    return at;
  };
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'auth-config-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([...Object.keys(SETTINGS)] as SettingName[])('may be %s', async (name) => {
    const value = RIGHT.find(([known]) => known === name)?.[1] ?? SETTINGS[name].default ?? DATABASE_URL;
    const read = checkedSettings({ ...BESIDE[name], [`${name}_FILE`]: await file(`${value}\n`) });
    expect(read[name]).toEqual(checkedSettings({ ...BESIDE[name], [name]: value })[name]);
  });

  it('is refused when it is wrong, when it cannot be read or is empty, or when it is given twice', async () => {
    const wrong = await file('canary');
    expect(linesOf(refusalOf({ AUTH_SECRET_FILE: wrong }))).toEqual([expect.stringContaining('AUTH_SECRET: ')]);
    expect(refusalOf({ AUTH_SECRET_FILE: wrong })).not.toContain('canary');
    expect(linesOf(refusalOf({ AUTH_SECRET_FILE: `${folder}/none` }))).toEqual([
      '  AUTH_SECRET_FILE: expected the path of a readable file',
    ]);
    expect(linesOf(refusalOf({ AUTH_SECRET_FILE: await file('\n') }))).toEqual([
      '  AUTH_SECRET_FILE: expected the path of a file that is not empty',
    ]);
    const twice = refusalOf({ AUTH_SECRET: SECRET, AUTH_SECRET_FILE: await file(SECRET) });
    expect(linesOf(twice)).toEqual([
      '  AUTH_SECRET: expected a value in either AUTH_SECRET or AUTH_SECRET_FILE, not both',
    ]);
    expect(twice).not.toContain(SECRET);
  });
});

describe('The process', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));

  it('does not start with wrong settings: it names each, prints no value and exits with 1', async () => {
    const env = {
      PATH: process.env.PATH,
      ...PRODUCTION,
      AUTH_SECRET: 'canary-secret',
      PORT: 'canary',
      DATABASE_URL: '',
    };
    const args = ['--import', './test/support/typescript/typescript.mjs', 'src/main.ts'];
    const ended = await new Promise<{ code: unknown; text: string }>((resolve) => {
      execFile(process.execPath, args, { cwd: root, env }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, text: stdout + stderr }),
      );
    });
    expect(ended.code).toBe(1);
    for (const name of ['AUTH_SECRET', 'PORT', 'DATABASE_URL']) expect(ended.text).toContain(`  ${name}: expected `);
    expect(ended.text).not.toMatch(/canary|\bat .*\.ts/);
  });
});
