import { Client } from '../support/http/client.js';
import { ada, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('POST /auth/register', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  it('makes an account and answers with it', async () => {
    const answer = await client.post('/auth/register', ada);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      email: ada.email,
      emailVerified: false,
      role: 'user',
      locale: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  it('keeps a bcrypt hash of the prepared password, in a table of its own', async () => {
    const person = stranger();
    const { body } = await client.post('/auth/register', person);
    const rows = await service.database.query('SELECT * FROM credentials WHERE user_id = $1', [body.id]);
    expect(rows).toEqual([
      expect.objectContaining({
        hash: expect.stringMatching(/^\$2b\$04\$[./A-Za-z0-9]{53}$/),
        scheme: 'bcrypt-hmac-sha384',
      }),
    ]);
  });

  it('refuses an address that has an account, in whatever spelling', async () => {
    const person = { ...stranger(), email: 'Straße@bücher.example'.replace('ß', 'ss') };
    expect((await client.post('/auth/register', person)).status).toBe(201);
    for (const email of ['STRASSE@BÜCHER.EXAMPLE', ' strasse@xn--bcher-kva.example ', 'strasse@bu\u0308cher.example']) {
      const answer = await client.post('/auth/register', { ...person, email });
      expect([answer.status, answer.body.code]).toEqual([409, 'email_taken']);
    }
  });

  it.each([
    ['too_short', 'seven 7'],
    ['too_long', 'x'.repeat(129)],
    ['password_blocklisted', 'PASSWORD1'],
    ['password_blocklisted', 'iloveyou1'],
    ['password_guessable', 'AuthService-2026'],
    ['password_guessable', 'localhost 3000!'],
  ])('refuses a password that is %s before hashing anything', async (code, password) => {
    const { email } = stranger();
    const answer = await client.post('/auth/register', { email, password });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ field: 'password', code }] });
    expect(answer.text).not.toContain(password);
    expect(await service.database.query('SELECT FROM users WHERE email = $1', [email])).toHaveLength(0);
  });

  it.each([
    ['too_short', 'seven 7'],
    ['too_long', 'x'.repeat(129)],
    ['password_blocklisted', 'iloveyou1'],
    ['password_monotonous', ' '.repeat(9)],
  ])('tells at once of a bad address and of a password that is %s', async (code, password) => {
    const answer = await client.post('/auth/register', { email: 'ada', password });
    expect([answer.status, answer.body.errors]).toEqual([
      400,
      [expect.objectContaining({ field: 'email' }), expect.objectContaining({ field: 'password', code })],
    ]);
  });

  it('refuses the email address as password', async () => {
    const { email } = stranger();
    const answer = await client.post('/auth/register', { email, password: email.toUpperCase() });
    expect(answer.body).toMatchObject({ errors: [{ field: 'password', code: 'password_equals_email' }] });
  });

  it.each(['ada@bücher.example', 'ADA@Bücher.example', 'ada@xn--bcher-kva.example'])(
    'refuses the email address as password in the spelling %s',
    async (password) => {
      const answer = await client.post('/auth/register', { email: 'ada@bücher.example', password });
      expect(answer.body).toMatchObject({ errors: [{ field: 'password', code: 'password_equals_email' }] });
    },
  );

  it.each([
    ['64 emoji', '😀'.repeat(64)],
    ['128 characters', 'é'.repeat(128)],
    ['128 characters that are 256 before composition', 'e\u0301'.repeat(128)],
    ['spaces only within', '    a phrase    '],
    ['a NUL', 'before\u0000after'],
  ])('accepts a password of %s', async (_, password) => {
    const { email } = stranger();
    expect((await client.post('/auth/register', { email, password })).status).toBe(201);
    expect((await client.post('/auth/login', { email, password })).status).toBe(200);
  });

  it.each([
    ['password', 'ALTER TABLE credentials RENAME hash TO away', 'ALTER TABLE credentials RENAME away TO hash'],
    ['link', 'ALTER TABLE one_time_tokens RENAME digest TO away', 'ALTER TABLE one_time_tokens RENAME away TO digest'],
  ])('stores nothing when the %s cannot be made', async (_, away, back) => {
    const person = stranger();
    await service.database.query(away);
    try {
      expect((await client.post('/auth/register', person)).status).toBe(500);
    } finally {
      await service.database.query(back);
    }
    expect(await service.database.query('SELECT FROM users WHERE email = $1', [person.email])).toHaveLength(0);
  });
});
