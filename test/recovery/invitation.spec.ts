import { v7 as uuidv7 } from 'uuid';
import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { Client } from '../support/http/client.js';
import { forgotPassword } from '../support/mail/mailed.js';
import { logIn, type Person, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { statusesOf, times } from '../support/sessions/refreshes.js';

describe.each(['optional', 'required'])('An invitation, where confirming the address is %s', (verification) => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: { EMAIL_VERIFICATION: verification } });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  /** An account without a password, and the link to choose one. */
  const invited = async (): Promise<{ person: Person; userId: string; token: string }> => {
    const [person, userId] = [stranger(), uuidv7()];
    await service.database.query('INSERT INTO users (id, email) VALUES ($1, $2)', [userId, person.email]);
    const tokens = service.app.get(OneTimeTokensService, { strict: false });
    return { person, userId, token: (await tokens.issue(userId, 'invitation', person.email))! };
  };
  const accept = (token: string, password: string) => client.post('/auth/accept-invitation', { token, password });

  it('is accepted with a password, once, and confirms the address', async () => {
    const { person, userId, token } = await invited();
    expect((await client.post('/auth/login', person)).status).toBe(401);
    const refused = await accept(token, 'password');
    expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
    const answers = await Promise.all(times(20, () => accept(token, person.password)));
    expect([statusesOf(answers), answers.filter(({ status }) => status === 204)]).toEqual([
      [204, 400],
      [expect.objectContaining({ text: '' })],
    ]);
    const { accessToken } = await logIn(client, person);
    expect((await client.get('/users/me', { bearer: accessToken })).body.emailVerified).toBe(true);
    const events = await service.database.query(
      `SELECT actor_id FROM audit_events WHERE subject_id = $1 AND type = 'invitation_accepted'`,
      [userId],
    );
    expect(events).toEqual([{ actor_id: userId }]);
  });

  it('is no link to a new password, nor the other way round', async () => {
    const { person, token } = await invited();
    const reset = await client.post('/auth/reset-password', { token, password: person.password });
    expect(reset.body.code).toBe('invalid_one_time_token');
    const recovery = await forgotPassword(client, service.mailbox, person.email);
    expect((await accept(recovery, person.password)).body.code).toBe('invalid_one_time_token');
  });

  it('is over once its owner has chosen a password another way', async () => {
    const { person, token } = await invited();
    const recovery = await forgotPassword(client, service.mailbox, person.email);
    const body = { token: recovery, password: person.password };
    expect((await client.post('/auth/reset-password', body)).status).toBe(204);
    expect((await accept(token, 'another password')).body.code).toBe('invalid_one_time_token');
    await logIn(client, person);
  });
});
