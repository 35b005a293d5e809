import { Client } from '../support/client.js';
import { signedIn, stranger } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

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

  it.each([['xx'], [null], [7], ['ru-RU; DROP'], [undefined]])('refuses %j', async (locale) => {
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
