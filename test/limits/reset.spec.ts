import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { admin } from '../admin/support/admins.js';
import { type Answer, Client } from '../support/http/client.js';
import { forgotPassword } from '../support/mail/mailed.js';
import { type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { LIMITED, logInFrom } from './support/guessing.js';

const HOME = '192.0.2.1';
const NEW = 'an entirely new password';

describe('A password that is reset while strangers guess at the account', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: LIMITED });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const attacked = async (): Promise<Person> => {
    const person = stranger();
    await register(client, person);
    for (let i = 0; i < 5; i++) await logInFrom(client, `198.18.${i}.1`, { ...person, password: 'wrong' });
    return person;
  };
  const reset = async ({ email }: Person, more: object = {}): Promise<Answer> => {
    const token = await forgotPassword(client, service.mailbox, email);
    return client.post('/auth/reset-password', { token, password: NEW, ...more });
  };
  const status = async ({ email }: Person, headers: Record<string, string> = {}): Promise<number> => {
    const from = { 'x-forwarded-for': HOME, ...headers };
    return (await client.post('/auth/login', { email, password: NEW }, { headers: from })).status;
  };

  it('lets its owner in at once by the device it was reset on, and tells nobody else', async () => {
    const person = await attacked();
    const answer = await reset(person);
    expect(answer.status).toBe(204);
    const token = answer.headers.get('x-device-token')!;
    expect(token).toMatch(/^[\w-]{72}$/);
    expect(await status(person)).toBe(429);
    expect(await status(person, { 'x-device-token': token })).toBe(200);
    expect(await status(person)).toBe(429);
  });

  it('does so in a browser by a cookie', async () => {
    const person = await attacked();
    const answer = await reset(person, { transport: 'cookie' });
    expect([answer.status, answer.headers.get('x-device-token')]).toEqual([204, null]);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^device_token=[\w-]{72}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(await status(person, { cookie: cookie.split(';')[0]! })).toBe(200);
  });

  it('is the same where somebody chooses the first one, of an account that was guessed at before it was theirs', async () => {
    const { accessToken: bearer } = await admin(client, service.database);
    const invited = stranger();
    expect((await client.post('/admin/users', { email: invited.email }, { bearer })).status).toBe(201);
    for (let i = 0; i < 5; i++) await logInFrom(client, `198.18.${i}.1`, { ...invited, password: 'wrong' });
    const { token } = await service.mailbox.next({ to: invited.email, template: 'invitation' });
    const answer = await client.post('/auth/accept-invitation', { token, password: NEW });
    expect(answer.status).toBe(204);
    expect(await status(invited)).toBe(429);
    expect(await status(invited, { 'x-device-token': answer.headers.get('x-device-token')! })).toBe(200);
  });

  it.each(['reset-password', 'accept-invitation'])('gives nothing where the link of %s is no good', async (path) => {
    const answer = await client.post(`/auth/${path}`, { token: 'A'.repeat(43), password: NEW });
    expect([answer.status, answer.headers.get('x-device-token'), answer.headers.getSetCookie()]).toEqual([
      400,
      null,
      [],
    ]);
  });
});
