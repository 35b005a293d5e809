import { InvalidOneTimeToken } from '../../src/one-time-tokens/one-time-tokens.errors.js';
import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { Client } from '../support/http/client.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { logIn, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { type Admin, admin as newAdmin, eventsAbout } from './support/admins.js';

describe('An invitation', () => {
  let service: TestService;
  let client: Client;
  let admin: Admin;
  let bearer: string;
  let links: OneTimeTokensService;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    admin = await newAdmin(client, service.database);
    bearer = admin.accessToken;
    links = service.app.get(OneTimeTokensService, { strict: false });
  });
  afterAll(() => service.stop());

  const invite = (body: object) => client.post('/admin/users', body, { bearer });
  const invited = async (body: object = {}): Promise<{ id: string; email: string }> => {
    const answer = await invite({ email: stranger().email, ...body });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.body as { id: string; email: string };
  };
  const mailTo = (email: string) => service.mailbox.next({ to: email, template: 'invitation' });
  const stateOf = async (id: string): Promise<unknown> =>
    (await client.get(`/admin/users/${id}`, { bearer })).body.state;

  it('makes an account without a password, and mails a link to choose one', async () => {
    const person = stranger();
    const answer = await invite({ email: ` ${person.email.toUpperCase()} `, role: 'editor', locale: 'ru' });
    expect(answer).toMatchObject({
      status: 201,
      body: { email: person.email, role: 'editor', locale: 'ru', state: 'invited', emailVerified: false },
    });
    const id = answer.body.id as string;
    const mail = await mailTo(person.email);
    expect(mail.text).toMatch(/[а-я]{3}/);
    expect(mail.text).toContain(admin.person.email);
    expect(mail.link).toContain('/accept-invitation#token=');
    expect(await links.find(mail.token, 'invitation')).toMatchObject({ userId: id, address: person.email });
    expect(await eventsAbout(service.database, id)).toEqual([
      { type: 'user_invited', actor_id: admin.userId, detail: { role: 'editor' } },
    ]);
    expect(answer.text).not.toContain(mail.token);
    expect((await client.post('/auth/login', person)).status).toBe(401);
  });

  it('is accepted with the first password: then the account is active', async () => {
    const { id, email } = await invited();
    const { token } = await mailTo(email);
    const body = { token, password: 'a password of my own' };
    expect((await client.post('/auth/accept-invitation', body)).status).toBe(204);
    expect(await stateOf(id)).toBe('active');
    await logIn(client, { email, password: 'a password of my own' });
    await expect(links.find(token, 'invitation')).rejects.toThrow(InvalidOneTimeToken);
  });

  it('is renewed: the new link works, the one before does not', async () => {
    const { id, email } = await invited();
    const before = await mailTo(email);
    expect((await client.post(`/admin/users/${id}/invitation`, undefined, { bearer })).status).toBe(204);
    const after = await mailTo(email);
    await expect(links.find(before.token, 'invitation')).rejects.toThrow(InvalidOneTimeToken);
    expect(await links.find(after.token, 'invitation')).toMatchObject({ userId: id });
  });

  it('outlives a change of the role, and dies when the account is disabled or closed', async () => {
    const { id, email } = await invited({ role: 'editor' });
    const { token } = await mailTo(email);
    await client.patch(`/admin/users/${id}`, { role: 'admin' }, { bearer });
    expect(await links.find(token, 'invitation')).toMatchObject({ userId: id });
    for (const disabled of [true, false]) await client.patch(`/admin/users/${id}`, { disabled }, { bearer });
    await expect(links.find(token, 'invitation')).rejects.toThrow(InvalidOneTimeToken);
    expect(await stateOf(id)).toBe('invited');
    await client.post(`/admin/users/${id}/invitation`, undefined, { bearer });
    const renewed = await mailTo(email);
    expect((await client.delete(`/admin/users/${id}`, { bearer })).status).toBe(204);
    await client.post(`/admin/users/${id}/restore`, undefined, { bearer });
    await expect(links.find(renewed.token, 'invitation')).rejects.toThrow(InvalidOneTimeToken);
  });

  it('is not for an address that has an account', async () => {
    const { email } = await invited();
    expect(await invite({ email })).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    expect(await invite({ email: admin.person.email })).toMatchObject({ status: 409, body: { code: 'email_taken' } });
  });

  it('is made once of ten for one address at once', async () => {
    const { email } = stranger();
    const answers = await Promise.all(Array.from({ length: 10 }, () => invite({ email })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
    await mailTo(email);
    await untilNothingIsQueued(service.database);
    expect(service.mailbox.waiting({ to: email })).toEqual([]);
  });

  it('is not renewed for who does not wait for one', async () => {
    const { id } = await invited();
    await client.patch(`/admin/users/${id}`, { disabled: true }, { bearer });
    for (const other of [admin.userId, id]) {
      const answer = await client.post(`/admin/users/${other}/invitation`, undefined, { bearer });
      expect(answer).toMatchObject({ status: 409, body: { code: 'not_invited' } });
    }
  });

  it.each([
    [{ email: 'no address' }, 'invalid_email'],
    [{}, 'required'],
    [{ email: 'a@example.com', role: 'Admin' }, 'invalid_role'],
    [{ email: 'a@example.com', locale: 'русский' }, 'unknown_locale'],
    [{ email: 'a@example.com', password: 'a password of my own' }, 'unknown_property'],
  ])('is refused for a wrong request: %j', async (body, code) => {
    expect(await invite(body)).toMatchObject({ status: 400, body: { errors: [{ code }] } });
  });
});
