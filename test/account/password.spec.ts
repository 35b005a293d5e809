import { Client } from '../support/http/client.js';
import { logIn, type Person, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

const NEXT = 'an entirely new password';

describe('POST /users/me/password', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const someone = async (): Promise<{ person: Person; tokens: Tokens }> => {
    const person = stranger();
    return { person, tokens: await signedIn(client, person) };
  };
  const change = ({ accessToken }: Tokens, currentPassword: unknown, newPassword: unknown) =>
    client.post('/users/me/password', { currentPassword, newPassword }, { bearer: accessToken });
  const refresh = async ({ refreshToken }: Tokens): Promise<number> =>
    (await client.post('/auth/refresh', { refreshToken })).status;

  it('changes it, signs out everywhere but here, and tells the owner', async () => {
    const { person, tokens: here } = await someone();
    const elsewhere = await logIn(client, person);
    expect((await change(here, person.password, NEXT)).status).toBe(204);
    expect(await refresh(elsewhere)).toBe(401);
    expect((await client.get('/users/me', { bearer: elsewhere.accessToken })).status).toBe(401);
    expect(await refresh(here)).toBe(200);
    expect((await client.post('/auth/login', person)).status).toBe(401);
    await logIn(client, { ...person, password: NEXT });
    const mail = await service.mailbox.next({ to: person.email, template: 'password_changed' });
    expect(mail.text).toContain('127.0.0.1');
    expect(mail.text).not.toContain(NEXT);
  });

  it('refuses a wrong current password, and changes nothing', async () => {
    const { person, tokens } = await someone();
    const answer = await change(tokens, 'not the password', NEXT);
    expect(answer).toMatchObject({ status: 403, body: { code: 'wrong_password' } });
    await logIn(client, person);
  });

  it.each([
    ['too_short', 'short'],
    ['password_blocklisted', 'password123'],
  ])('refuses a new one that breaks the rules: %s, without asking the hash pool', async (code, password) => {
    const { tokens } = await someone();
    const answer = await change(tokens, 'not even the current one', password);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'newPassword', code }] } });
  });

  it('tells at once of both passwords, each by its own name', async () => {
    const { tokens } = await someone();
    const { body } = await change(tokens, '', 'short');
    expect(body.errors).toEqual([
      expect.objectContaining({ field: 'currentPassword', code: 'invalid_password' }),
      expect.objectContaining({ field: 'newPassword', code: 'too_short' }),
    ]);
  });

  it('asks for a token', async () => {
    const answer = await client.post('/users/me/password', { currentPassword: 'a', newPassword: NEXT });
    expect(answer.status).toBe(401);
  });

  it('lets one of many at once win, and its password is the one that counts', async () => {
    const { person, tokens } = await someone();
    const passwords = Array.from({ length: 5 }, (_, i) => `${NEXT} ${i}`);
    const answers = await Promise.all(passwords.map((next) => change(tokens, person.password, next)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.every((status) => [204, 403, 409].includes(status))).toBe(true);
    await logIn(client, { ...person, password: passwords[statuses.indexOf(204)]! });
  });
});
