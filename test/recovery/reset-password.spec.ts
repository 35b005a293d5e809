import { HashPool } from '../../src/auth/passwords/hashing/hash-pool.service.js';
import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import type { Purpose } from '../../src/one-time-tokens/one-time-token.value.js';
import { Client } from '../support/http/client.js';
import { expectAlike, forgotPassword, untilNothingIsQueued } from '../support/mail/mailed.js';
import { logIn, type Person, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { refresh, statusesOf, times } from '../support/sessions/refreshes.js';
import { startService, type TestService } from '../support/service/service.js';

const NEW = 'an entirely new password';

describe('A forgotten password', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const someone = async (): Promise<Tokens & { person: Person; userId: string }> => {
    const person = stranger();
    const tokens = await signedIn(client, person);
    await service.mailbox.next({ to: person.email, template: 'verify_email' });
    return { ...tokens, person };
  };
  const forgot = (email: string) => client.post('/auth/forgot-password', { email });
  const tokenFor = ({ email }: Person): Promise<string> => forgotPassword(client, service.mailbox, email);
  const reset = (token: unknown, password = NEW) => client.post('/auth/reset-password', { token, password });
  const hashed = (): number => service.app.get(HashPool, { strict: false }).jobs;
  const refused = async (token: unknown): Promise<void> => {
    const before = hashed();
    const { status, body } = await reset(token);
    expect([status, body.code, hashed()]).toEqual([400, 'invalid_one_time_token', before]);
  };

  it('is replaced by a link that works once, which closes every session and tells the owner', async () => {
    const { person, userId, refreshToken, accessToken } = await someone();
    const other = await logIn(client, person);
    const token = await tokenFor(person);
    const answer = await reset(token);
    expect([answer.status, answer.text, answer.headers.get('cache-control')]).toEqual([204, '', 'no-store']);
    for (const old of [refreshToken, other.refreshToken]) expect((await refresh(client, old)).status).toBe(401);
    expect((await client.get('/users/me', { bearer: accessToken })).status).toBe(401);
    expect((await client.post('/auth/login', person)).status).toBe(401);
    const again = await logIn(client, { ...person, password: NEW });
    expect((await client.get('/users/me', { bearer: again.accessToken })).body.emailVerified).toBe(true);
    const told = await service.mailbox.next({ to: person.email, template: 'password_changed' });
    expect(told.text).toContain('127.0.0.1');
    await refused(token);
    const events = await service.database.query(
      `SELECT type, actor_id FROM audit_events WHERE subject_id = $1 AND type ~ 'reset' AND type <> 'sessions_closed'
        ORDER BY created_at`,
      [userId],
    );
    expect(events).toEqual([
      { type: 'password_reset_requested', actor_id: null },
      { type: 'password_reset', actor_id: userId },
    ]);
  });

  it('is asked for alike, whether there is an account or not, and whatever state it is in', async () => {
    const [known, disabled, unknown] = [await someone(), await someone(), stranger()];
    await service.database.query('UPDATE users SET disabled_at = now() WHERE id = $1', [disabled.userId]);
    const emails = [known.person, disabled.person, unknown].map(({ email }) => email);
    await expectAlike(emails.map(forgot));
    await untilNothingIsQueued(service.database);
    expect(emails.map((to) => service.mailbox.waiting({ to }).length)).toEqual([1, 0, 0]);
    expect(await forgot(' UPPER@example.com ')).toMatchObject({ status: 202, text: '' });
    expect(await forgot('no address')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  it('is asked for by one statement, so that no state of the account takes time', async () => {
    const { person } = await someone();
    await untilNothingIsQueued(service.database);
    await service.database.query('ALTER TABLE users RENAME TO users_away');
    try {
      expect((await forgot(person.email)).status).toBe(202); // nobody has looked
    } finally {
      await service.database.query('ALTER TABLE users_away RENAME TO users');
    }
    await service.mailbox.next({ to: person.email, template: 'reset_password' });
  });

  it('keeps the link when the new password is refused', async () => {
    const { person, refreshToken } = await someone();
    const token = await tokenFor(person);
    for (const password of ['short', 'password', person.email]) {
      const { status, body } = await reset(token, password);
      expect([status, body.code]).toEqual([400, 'validation_failed']);
      expect(body.errors).toEqual([expect.objectContaining({ field: 'password' })]);
    }
    expect((await refresh(client, refreshToken)).status).toBe(200);
    expect((await reset(token)).status).toBe(204);
  });

  it('keeps the link when the change cannot be made', async () => {
    const { person } = await someone();
    const token = await tokenFor(person);
    await service.database.query('ALTER TABLE credentials RENAME TO credentials_away');
    try {
      expect((await reset(token)).status).toBe(500);
    } finally {
      await service.database.query('ALTER TABLE credentials_away RENAME TO credentials');
    }
    await logIn(client, person);
    expect((await reset(token)).status).toBe(204);
  });

  it('is replaced by one of twenty who use the link at once', async () => {
    const { person } = await someone();
    const token = await tokenFor(person);
    const passwords = times(20, (i) => `password number ${i}`);
    const answers = await Promise.all(passwords.map((password) => reset(token, password)));
    expect(statusesOf(answers)).toEqual([204, 400]);
    const winner = answers.findIndex(({ status }) => status === 204);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    await logIn(client, { ...person, password: passwords[winner]! });
    await untilNothingIsQueued(service.database);
    expect(service.mailbox.waiting({ to: person.email, template: 'password_changed' })).toHaveLength(1);
  });

  it('is replaced by the newest link only', async () => {
    const { person } = await someone();
    const [older, newer] = [await tokenFor(person), await tokenFor(person)];
    await refused(older);
    expect((await reset(newer)).status).toBe(204);
  });

  it.each([
    ['it has expired', 'UPDATE one_time_tokens SET expires_at = now() WHERE user_id = $1'],
    ['the account is disabled', 'UPDATE users SET disabled_at = now() WHERE id = $1'],
    ['the address has changed', `UPDATE users SET email = 'other-' || email WHERE id = $1`],
    ['the password has changed', 'UPDATE users SET session_epoch = session_epoch + 1 WHERE id = $1'],
  ])('is not replaced by a link once %s', async (_, sql) => {
    const { person, userId } = await someone();
    const token = await tokenFor(person);
    await service.database.query(sql, [userId]);
    await refused(token);
  });

  it('is not replaced by a link of another purpose, or by what is no token', async () => {
    const { person, userId } = await someone();
    const purposes: Purpose[] = ['verify_email', 'invitation', 'change_email', 'undo_email_change'];
    const tokens = service.app.get(OneTimeTokensService, { strict: false });
    for (const purpose of purposes) await refused(await tokens.issue(userId, purpose, person.email));
    for (const token of ['A'.repeat(43), 'x', ' ']) await refused(token);
    for (const token of ['', 'é', 7, null, ['x'], undefined]) {
      expect((await reset(token)).body).toMatchObject({ code: 'validation_failed', errors: [{ field: 'token' }] });
    }
  });

  it('takes no GET for a use', async () => {
    const { person } = await someone();
    const token = await tokenFor(person);
    for (const path of ['/auth/reset-password', `/auth/reset-password?token=${token}`, '/auth/forgot-password']) {
      expect((await client.get(path)).status).toBe(405);
    }
    expect((await reset(token)).status).toBe(204);
  });

  it('may be a password that there never was', async () => {
    const { person, userId } = await someone();
    await service.database.query('DELETE FROM credentials WHERE user_id = $1', [userId]);
    expect((await reset(await tokenFor(person))).status).toBe(204);
    await logIn(client, { ...person, password: NEW });
  });

  it('is never in the log, nor is the address or the link', async () => {
    const { person } = await someone();
    const token = await tokenFor(person);
    await reset(token, 'short');
    await reset(token);
    await reset(token);
    await service.mailbox.next({ to: person.email, template: 'password_changed' });
    const log = service.log.join('');
    for (const secret of [token, person.email, NEW, 'stranger-']) expect(log).not.toContain(secret);
  });
});
