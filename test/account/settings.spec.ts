import { Client } from '../support/http/client.js';
import { signedIn, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('PATCH /users/me', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  it('sets the language of mails', async () => {
    const person = stranger();
    const { accessToken } = await signedIn(client, person);
    const answer = await client.patch('/users/me', { locale: 'ru' }, { bearer: accessToken });
    expect(answer).toMatchObject({ status: 200, body: { email: person.email, locale: 'ru' } });
    const passwords = { currentPassword: person.password, newPassword: 'совсем новый пароль' };
    await client.post('/users/me/password', passwords, { bearer: accessToken });
    const mail = await service.mailbox.next({ to: person.email, template: 'password_changed' });
    expect(mail.subject).toMatch(/[а-я]/);
  });

  it('leaves the language of mails to the service again, and says so in the audit log and the export', async () => {
    const person = stranger();
    const { accessToken: bearer, userId } = await signedIn(client, person);
    await client.patch('/users/me', { locale: 'ru' }, { bearer });
    const answer = await client.patch('/users/me', { locale: null }, { bearer });
    expect(answer).toMatchObject({ status: 200, body: { email: person.email, locale: null } });
    const { body } = await client.get('/users/me/export', { bearer });
    expect(body).toMatchObject({ account: { locale: null } });
    const changes = await service.database.query(
      `SELECT detail FROM audit_events WHERE subject_id = $1 AND type = 'locale_changed' ORDER BY id`,
      [userId],
    );
    expect(changes).toEqual([{ detail: { from: null, to: 'ru' } }, { detail: { from: 'ru', to: null } }]);
    const passwords = { currentPassword: person.password, newPassword: 'quite another sentence' };
    await client.post('/users/me/password', passwords, { bearer });
    const mail = await service.mailbox.next({ to: person.email, template: 'password_changed' });
    expect(mail.subject).not.toMatch(/[а-я]/);
  });

  it.each([['xx'], [''], [7], ['ru-RU; DROP'], [undefined]])('refuses %j', async (locale) => {
    const { accessToken } = await signedIn(client);
    const answer = await client.patch('/users/me', { locale }, { bearer: accessToken });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'locale' }] } });
  });

  it('leaves everything else alone', async () => {
    const { accessToken } = await signedIn(client);
    const answer = await client.patch('/users/me', { locale: 'en', role: 'admin' }, { bearer: accessToken });
    expect(answer.status).toBe(400);
    expect((await client.get('/users/me', { bearer: accessToken })).body).toMatchObject({ role: 'user' });
  });
});
