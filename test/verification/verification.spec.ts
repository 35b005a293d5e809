import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { Client, type RequestOptions } from '../support/http/client.js';
import { expectAlike, untilNothingIsQueued } from '../support/mail/mailed.js';
import { claimsOf, logIn, type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { statusesOf, times } from '../support/sessions/refreshes.js';

describe('Confirming an address', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const someone = async (): Promise<{ person: Person; userId: string; token: string }> => {
    const person = stranger();
    const userId = await register(client, person);
    const { token } = await service.mailbox.next({ to: person.email, template: 'verify_email' });
    return { person, userId, token };
  };
  const verify = (token: unknown) => client.post('/auth/verify-email', { token });
  const resend = (email: string) => client.post('/auth/verify-email/resend', { email });
  const isVerified = async (person: Person): Promise<unknown> => {
    const { accessToken } = await logIn(client, person);
    return (await client.get('/users/me', { bearer: accessToken })).body.emailVerified;
  };
  const refused = async (token: unknown): Promise<void> => {
    const { status, body } = await verify(token);
    expect([status, body.code]).toEqual([400, 'invalid_one_time_token']);
  };

  it('follows a registration, by a link that works once', async () => {
    const { person, userId, token } = await someone();
    expect(await isVerified(person)).toBe(false);
    const answer = await verify(token);
    expect([answer.status, answer.text, answer.headers.get('cache-control')]).toEqual([204, '', 'no-store']);
    expect(await isVerified(person)).toBe(true);
    await refused(token);
    const events = await service.database.query<{ type: string; actor_id: string }>(
      `SELECT type, actor_id, ip FROM audit_events WHERE subject_id = $1 AND type ~ 'verif' ORDER BY created_at`,
      [userId],
    );
    expect(events).toEqual([{ type: 'email_verified', actor_id: userId, ip: '127.0.0.1' }]);
  });

  it('is told by access tokens from the next refresh or login on', async () => {
    const { person, token } = await someone();
    const before = await logIn(client, person);
    expect(claimsOf(before.accessToken).email_verified).toBe(false);
    expect((await verify(token)).status).toBe(204);
    const refreshed = await client.post('/auth/refresh', { refreshToken: before.refreshToken });
    const replayed = await client.post('/auth/refresh', { refreshToken: before.refreshToken });
    const again = await logIn(client, person);
    for (const accessToken of [refreshed.body.accessToken, replayed.body.accessToken, again.accessToken])
      expect(claimsOf(accessToken as string).email_verified).toBe(true);
  });

  it('is asked for in the language of the registration', async () => {
    const languages: [string | undefined, string, string | null][] = [
      ['ru-RU, en;q=0.5', 'подтвердите', 'ru'],
      ['de', 'Confirm', null],
      [undefined, 'Confirm', null],
    ];
    for (const [language, subject, locale] of languages) {
      const person = stranger();
      const options: RequestOptions = { headers: language === undefined ? {} : { 'accept-language': language } };
      expect((await client.post('/auth/register', person, options)).status).toBe(201);
      expect((await service.mailbox.next({ to: person.email })).subject).toContain(subject);
      const rows = await service.database.query('SELECT locale FROM users WHERE email = $1', [person.email]);
      expect(rows).toEqual([{ locale }]);
    }
  });

  it('works by the newest link only', async () => {
    const { person, token } = await someone();
    expect((await resend(person.email)).status).toBe(202);
    const newer = await service.mailbox.next({ to: person.email });
    await refused(token);
    expect((await verify(newer.token)).status).toBe(204);
  });

  it('succeeds for one of twenty who use the link at once', async () => {
    const { token } = await someone();
    const answers = await Promise.all(times(20, () => verify(token)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(statusesOf(answers)).toEqual([204, 400]);
  });

  it('takes no GET for a use', async () => {
    const { token } = await someone();
    for (const path of ['/auth/verify-email', `/auth/verify-email?token=${token}`, '/auth/verify-email/resend']) {
      expect((await client.get(path)).status).toBe(405);
    }
    expect((await verify(token)).status).toBe(204);
  });

  it.each(['UPDATE one_time_tokens SET expires_at = now()', 'UPDATE users SET disabled_at = now()'])(
    'refuses a link after %s',
    async (sql) => {
      const { userId, token } = await someone();
      await service.database.query(`${sql} WHERE ${sql.includes('tokens') ? 'user_id' : 'id'} = $1`, [userId]);
      await refused(token);
    },
  );

  it('refuses a link of another purpose, and what is no token', async () => {
    const { person, userId } = await someone();
    const other = await service.app
      .get(OneTimeTokensService, { strict: false })
      .issue(userId, 'reset_password', person.email);
    for (const token of [other, 'A'.repeat(43), 'x', ' ', `${other}=`]) await refused(token);
    for (const token of ['', 'é', 7, null, ['x'], undefined]) {
      const { status, body } = await verify(token);
      expect([status, body.errors]).toEqual([400, [expect.objectContaining({ field: 'token' })]]);
    }
  });

  it('is asked for again by the address, and answered alike whether there is anything to confirm or not', async () => {
    const [waiting, confirmed, disabled, unknown] = [await someone(), await someone(), await someone(), stranger()];
    await verify(confirmed.token);
    await service.database.query('UPDATE users SET disabled_at = now() WHERE id = $1', [disabled.userId]);
    const emails = [waiting, confirmed, disabled].map(({ person }) => person.email).concat(unknown.email);
    await expectAlike(emails.map(resend));
    await untilNothingIsQueued(service.database);
    expect(emails.map((to) => service.mailbox.waiting({ to }).length)).toEqual([1, 0, 0, 0]);
    const answer = await resend('no address');
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
  });

  it('is asked for again by one statement, so that no state of the account takes time', async () => {
    const { person } = await someone();
    await untilNothingIsQueued(service.database);
    await service.database.query('ALTER TABLE users RENAME TO users_away');
    try {
      expect((await resend(person.email)).status).toBe(202); // nobody has looked
    } finally {
      await service.database.query('ALTER TABLE users_away RENAME TO users');
    }
    await service.mailbox.next({ to: person.email, template: 'verify_email' });
  });
});
