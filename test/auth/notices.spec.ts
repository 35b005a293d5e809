import { Client } from '../support/http/client.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { logIn, signedIn, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('The owner of an account is told', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: { REFRESH_REUSE_SECONDS: '0' } });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const logInWith = async (person: ReturnType<typeof stranger>, userAgent: string): Promise<number> =>
    (await client.post('/auth/login', person, { headers: { 'user-agent': userAgent } })).status;

  it('of a device that was never seen with it, once', async () => {
    const person = stranger();
    await signedIn(client, person);
    expect(await logInWith(person, 'Strange/1.0 <b>')).toBe(200);
    const mail = await service.mailbox.next({ to: person.email, template: 'new_device' });
    expect(mail.text).toContain('Strange/1.0 <b>');
    expect(mail.text).toContain('127.0.0.1');
    expect(mail.html).not.toContain('<b>');
    expect(await logInWith(person, 'Strange/1.0 <b>')).toBe(200);
    await logIn(client, person);
    expect(await logInWith(person, 'Another/2.0')).toBe(200);
    const next = await service.mailbox.next({ to: person.email, template: 'new_device' });
    expect(next.text).toContain('Another/2.0');
  });

  it('not of the first login, nor of a wrong password', async () => {
    const person = stranger();
    await signedIn(client, person);
    expect(await logInWith({ ...person, password: 'not the password' }, 'Strange/1.0')).toBe(401);
    expect(await logInWith(person, 'Known only now/1.0')).toBe(200);
    const first = await service.mailbox.next({ to: person.email, template: 'new_device' });
    expect(first.text).toContain('Known only now/1.0');
    await untilNothingIsQueued(service.database);
    expect(service.mailbox.waiting({ to: person.email, template: 'new_device' })).toEqual([]);
  });

  it('when a session is closed because its refresh token came back', async () => {
    const person = stranger();
    const { refreshToken } = await signedIn(client, person);
    expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(200);
    expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(401);
    await service.mailbox.next({ to: person.email, template: 'session_closed_for_reuse' });
    expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(401);
    await untilNothingIsQueued(service.database);
    expect(service.mailbox.waiting({ to: person.email, template: 'session_closed_for_reuse' })).toEqual([]);
  });
});
