import { parseImportLine } from '../../../src/commands/users/import-line.value.js';

const NOW = new Date('2026-06-01T00:00:00Z');
const HASH = `$2y$10$${'e'.repeat(53)}`;
const line = (fields: object): string => JSON.stringify({ email: 'ada@example.com', ...fields });
const parse = (text: string): unknown => parseImportLine(text, NOW);

describe('A line of an import', () => {
  it('may hold no more than an address', () => {
    expect(parse('{"email":" Ada@EXAMPLE.com"}')).toEqual({
      email: 'ada@example.com',
      emailVerified: false,
      role: 'user',
      locale: null,
      password: null,
    });
  });

  it('holds what an account was elsewhere', () => {
    const id = '019AB5A4-8F6E-4CC3-A6A5-4D3BF7A1C0DE';
    const fields = { id, emailVerified: true, role: 'editor', locale: 'ru-RU', passwordHash: HASH };
    expect(parse(line({ ...fields, createdAt: '2024-01-31T12:00:00.123456+02:00' }))).toEqual({
      id: id.toLowerCase(),
      email: 'ada@example.com',
      emailVerified: true,
      role: 'editor',
      locale: 'ru',
      createdAt: new Date('2024-01-31T10:00:00.123Z'),
      password: expect.objectContaining({ version: '2y', cost: 10 }),
    });
  });

  it('may hold null in place of what it does not know, and a language in which no mail is written', () => {
    const nothing = { id: null, emailVerified: null, role: null, passwordHash: null, createdAt: null };
    expect(parse(line({ ...nothing, locale: 'de-CH' }))).toEqual(parse(line({})));
  });

  it.each([
    ['not JSON', 'email: ada@example.com'],
    ['not JSON', '{"email":"ada@example.com"'],
    ['not a JSON object', '["ada@example.com"]'],
    ['not a JSON object', 'null'],
    ['email: missing', '{}'],
    ['email: not one plain email address', line({ email: 'ada' })],
    ['email: not one plain email address', line({ email: 7 })],
    ['emailVerified: neither true nor false', line({ emailVerified: 't' })],
    ['passwordHash: not a bcrypt hash of a cost from 4 to 15', line({ passwordHash: HASH.slice(1) })],
    ['passwordHash: not a bcrypt hash of a cost from 4 to 15', line({ passwordHash: '' })],
    ['role: not small letters, digits, - and _', line({ role: 'Admin' })],
    ['locale: not a language tag', line({ locale: 'en_US' })],
    ['createdAt: not a past time with its offset or Z', line({ createdAt: '2024-01-31T12:00:00' })],
    ['createdAt: not a past time with its offset or Z', line({ createdAt: '2024-13-31T12:00:00Z' })],
    ['createdAt: not a past time with its offset or Z', line({ createdAt: '2027-01-31T12:00:00Z' })],
    ['createdAt: not a past time with its offset or Z', line({ createdAt: '1969-01-31T12:00:00Z' })],
    ['id: not a UUID', line({ id: 42 })],
    [expect.stringMatching(/^password_hash: not one of email, /), line({ password_hash: HASH })],
    [expect.stringMatching(/^a name: not one of email, /), line({ [HASH]: true })],
  ])('is refused, %s: %s', (problem, text) => {
    expect(parse(text)).toEqual({ problem });
  });
});
