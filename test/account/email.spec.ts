import { type Answer, Client } from '../support/http/client.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { claimsOf, logIn, type Person, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('A change of the email address', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const someone = async (): Promise<{ person: Person; tokens: Tokens; next: Person }> => {
    const person = stranger();
    const tokens = await signedIn(client, person);
    return { person, tokens, next: { ...stranger(), password: person.password } };
  };
  const ask = ({ accessToken }: Tokens, email: string, currentPassword: string): Promise<Answer> =>
    client.post('/users/me/email', { email, currentPassword }, { bearer: accessToken });
  const confirm = (token: string): Promise<Answer> => client.post('/auth/confirm-email-change', { token });
  const undo = (token: string): Promise<Answer> => client.post('/auth/undo-email-change', { token });
  const mailTo = (to: string, template: Parameters<TestService['mailbox']['next']>[0] & object) =>
    service.mailbox.next({ to, ...template });
  const used = { status: 400, body: { code: 'invalid_one_time_token' } };

  /** Asked for and confirmed. @returns the way back that the old address got */
  const changed = async (tokens: Tokens, from: Person, to: Person): Promise<string> => {
    expect((await ask(tokens, to.email, from.password)).status).toBe(202);
    const { token } = await mailTo(to.email, { template: 'confirm_email_change' });
    expect((await confirm(token)).status).toBe(204);
    return (await mailTo(from.email, { template: 'email_changed' })).token;
  };

  it('counts once the new address has confirmed it, and not before', async () => {
    const { person, tokens, next } = await someone();
    expect((await ask(tokens, next.email, person.password)).status).toBe(202);
    const { token } = await mailTo(next.email, { template: 'confirm_email_change' });
    await logIn(client, person);
    expect((await client.post('/auth/login', next)).status).toBe(401);
    expect((await confirm(token)).status).toBe(204);
    const fresh = await logIn(client, next);
    expect(claimsOf(fresh.accessToken).email).toBe(next.email);
    const me = await client.get('/users/me', { bearer: fresh.accessToken });
    expect(me.body).toMatchObject({ email: next.email, emailVerified: true });
    expect((await client.post('/auth/login', person)).status).toBe(401);
    expect(await confirm(token)).toMatchObject(used);
  });

  it('reaches the tokens of a session with its next refresh', async () => {
    const { person, tokens, next } = await someone();
    await changed(tokens, person, next);
    const answer = await client.post('/auth/refresh', { refreshToken: tokens.refreshToken });
    expect(claimsOf(answer.body.accessToken as string).email).toBe(next.email);
  });

  it('needs the password, and another address than the one there is', async () => {
    const { person, tokens, next } = await someone();
    expect(await ask(tokens, next.email, 'not the password')).toMatchObject({
      status: 403,
      body: { code: 'wrong_password' },
    });
    const same = await ask(tokens, person.email.toUpperCase(), person.password);
    expect(same).toMatchObject({ status: 400, body: { errors: [{ field: 'email', code: 'email_unchanged' }] } });
  });

  it('does not tell that an address has an account: its owner gets a mail, and nobody else', async () => {
    const { person, tokens } = await someone();
    const owner = stranger();
    await signedIn(client, owner);
    const answer = await ask(tokens, owner.email, person.password);
    const free = await ask(tokens, stranger().email, person.password);
    expect([answer.status, answer.text]).toEqual([free.status, free.text]);
    await mailTo(owner.email, { template: 'already_registered' });
    await untilNothingIsQueued(service.database);
    expect(service.mailbox.waiting({ to: owner.email, template: 'confirm_email_change' })).toEqual([]);
  });

  it('fails when somebody else took the address meanwhile, and the link stays good', async () => {
    const { person, tokens, next } = await someone();
    await ask(tokens, next.email, person.password);
    const { token } = await mailTo(next.email, { template: 'confirm_email_change' });
    await signedIn(client, next);
    expect(await confirm(token)).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    await service.database.query('DELETE FROM users WHERE email = $1', [next.email]);
    expect((await confirm(token)).status).toBe(204);
  });

  it('is confirmed by one of twenty at once', async () => {
    const { person, tokens, next } = await someone();
    await ask(tokens, next.email, person.password);
    const { token } = await mailTo(next.email, { template: 'confirm_email_change' });
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => confirm(token)))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.filter((status) => status === 400)).toHaveLength(19);
  });

  it('is not confirmed by a link from before a newer wish, or before a new password', async () => {
    const { person, tokens, next } = await someone();
    await ask(tokens, next.email, person.password);
    const older = await mailTo(next.email, { template: 'confirm_email_change' });
    const other = stranger();
    await ask(tokens, other.email, person.password);
    const newer = await mailTo(other.email, { template: 'confirm_email_change' });
    expect(await confirm(older.token)).toMatchObject(used);
    const passwords = { currentPassword: person.password, newPassword: 'an entirely new password' };
    expect((await client.post('/users/me/password', passwords, { bearer: tokens.accessToken })).status).toBe(204);
    expect(await confirm(newer.token)).toMatchObject(used);
  });

  describe('is undone from the old address', () => {
    it('before it is confirmed: the confirmation is worth nothing then, nor is the password', async () => {
      const { person, tokens, next } = await someone();
      await ask(tokens, next.email, person.password);
      const { token: confirmation } = await mailTo(next.email, { template: 'confirm_email_change' });
      const { token } = await mailTo(person.email, { template: 'email_change_requested' });
      expect((await undo(token)).status).toBe(204);
      expect(await confirm(confirmation)).toMatchObject(used);
      expect((await client.post('/auth/login', person)).status).toBe(401);
      expect((await client.post('/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(401);
      expect((await client.get('/users/me', { bearer: tokens.accessToken })).status).toBe(401);
      await mailTo(person.email, { template: 'reset_password' });
      expect(await undo(token)).toMatchObject(used);
    });

    it('after a thief confirmed it and changed the password', async () => {
      const { person, tokens, next } = await someone();
      const back = await changed(tokens, person, next);
      const thief = await logIn(client, next);
      const passwords = { currentPassword: next.password, newPassword: 'what the thief has chosen' };
      expect((await client.post('/users/me/password', passwords, { bearer: thief.accessToken })).status).toBe(204);
      expect((await undo(back)).status).toBe(204);
      const [user] = await service.database.query('SELECT email FROM users WHERE id = $1', [
        claimsOf(thief.accessToken).sub,
      ]);
      expect(user).toEqual({ email: person.email });
      expect((await client.post('/auth/refresh', { refreshToken: thief.refreshToken })).status).toBe(401);
      expect((await client.post('/auth/login', { ...person, password: 'what the thief has chosen' })).status).toBe(401);
    });

    it('by one of twenty at once', async () => {
      const { person, tokens, next } = await someone();
      const back = await changed(tokens, person, next);
      const statuses = (await Promise.all(Array.from({ length: 20 }, () => undo(back)))).map(({ status }) => status);
      expect(statuses.filter((status) => status === 204)).toHaveLength(1);
      expect(statuses.filter((status) => status === 400)).toHaveLength(19);
      await mailTo(person.email, { template: 'reset_password' });
      await untilNothingIsQueued(service.database);
      expect(service.mailbox.waiting({ to: person.email, template: 'reset_password' })).toEqual([]);
    });

    it('by the first owner for good: a thief who moved on twice cannot turn it round', async () => {
      const { person, tokens, next } = await someone();
      const back = await changed(tokens, person, next);
      const third = { ...stranger(), password: person.password };
      const thiefsWayBack = await changed(await logIn(client, next), next, third);
      expect((await undo(back)).status).toBe(204);
      expect(await undo(thiefsWayBack)).toMatchObject(used);
    });

    it('also after the thief used the way back of an address in between', async () => {
      const { person, tokens, next } = await someone();
      const back = await changed(tokens, person, next);
      const third = { ...stranger(), password: person.password };
      const thiefsWayBack = await changed(await logIn(client, next), next, third);
      expect((await undo(thiefsWayBack)).status).toBe(204);
      expect((await undo(back)).status).toBe(204);
    });
  });
});
