import { admin } from '../../admin/support/admins.js';
import { Client } from '../../support/http/client.js';
import { stranger } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';
import { refusal, traces } from '../support/refusals.js';

const LABEL = 'd'.repeat(63);

/** The unit spec of the address holds the whole table; these prove that each route asks it, before anything is done. */
const REFUSED: [string, string][] = [
  ['a NUL', 'canary\u0000@example.com'],
  ['a fullwidth @', 'canary＠example.com'],
  ['a zero-width space', 'canary@exam\u200bple.com'],
  ['a bidi override', 'canary@\u202eexample.com'],
  ['a Kelvin sign', 'canary@\u212aelvin.com'],
  ['a Kelvin sign before the @', '\u212acanary@example.com'],
  ['a quoted local part', '"canary"@example.com'],
  ['two addresses', 'canary@example.com,eve@example.com'],
  ['a display name', 'Canary <canary@example.com>'],
  ['a CRLF and a header', 'canary@example.com\r\nBcc: eve@example.com'],
  ['255 characters', `canary@${LABEL}.${LABEL}.${LABEL}.${'d'.repeat(52)}.com`],
  ['a variation selector', 'canary@example\ufe0f.com'],
  ['16 KB of blanks', `canary${' '.repeat(16_000)}@example.com`],
  ['an emoji', 'canary😀@example.com'],
  ['nothing', ''],
];

describe('An email address in a request', () => {
  let service: TestService;
  let client: Client;
  let bearer: string;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    ({ accessToken: bearer } = await admin(client, service.database));
  });
  afterAll(() => service.stop());

  const password = 'a password of my own';

  describe.each([
    ['/auth/register', { password }],
    ['/auth/login', { password }],
    ['/auth/verify-email/resend', {}],
    ['/auth/forgot-password', {}],
    ['/users/me/email', { currentPassword: password }],
    ['/admin/users', {}],
  ])('to %s', (path, others) => {
    it.each(REFUSED)('is refused with %s, before anything is hashed, and not repeated', async (_, email) => {
      const before = await traces(service);
      const answer = await client.post(path, { email, ...others }, { bearer });
      expect(refusal(answer)).toEqual([400, 'validation_failed', 'email invalid_email']);
      expect(answer.text).not.toMatch(/canary/i);
      expect(await traces(service)).toEqual(before);
    });
  });

  it.each([
    ['case', 'case@example.com', ['CASE@EXAMPLE.COM', ' Case@Example.Com\t']],
    [
      'domain',
      'idn@bücher.example',
      ['idn@xn--bcher-kva.example', 'IDN@BU\u0308CHER.example', 'idn@XN--BCHER-KVA.EXAMPLE'],
    ],
    ['ß', 'sharp@straße.example', ['SHARP@STRAẞE.EXAMPLE', 'sharp@xn--strae-oqa.example']],
  ])('is one account in whatever spelling: %s', async (_, email, spellings) => {
    const { password } = stranger();
    const made = await client.post('/auth/register', { email, password });
    expect(made.status).toBe(201);
    for (const spelling of spellings) {
      expect(refusal(await client.post('/auth/register', { email: spelling, password }))).toEqual([409, 'email_taken']);
      expect((await client.post('/auth/login', { email: spelling, password })).status).toBe(200);
    }
    const rows = await service.database.query('SELECT id FROM users WHERE email = $1', [made.body.email]);
    expect(rows).toEqual([{ id: made.body.id }]);
  });

  it('may have 254 characters', async () => {
    const email = `a@${LABEL}.${LABEL}.${LABEL}.${'d'.repeat(56)}.com`;
    expect(email).toHaveLength(254);
    const answer = await client.post('/auth/register', { email, password: 'a password of my own' });
    expect([answer.status, answer.body.email]).toEqual([201, email]);
  });

  it('makes one account of 20 parallel registrations in different spellings', async () => {
    const { email, password } = stranger();
    const spellings = [email, email.toUpperCase(), ` ${email}`, email.replace('example', 'EXAMPLE')];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => client.post('/auth/register', { email: spellings[i % 4], password })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(201);
    expect([409, 503]).toEqual(expect.arrayContaining([...new Set(statuses.slice(1))]));
    expect(await service.database.query('SELECT FROM users WHERE email = $1', [email])).toHaveLength(1);
  });
});
