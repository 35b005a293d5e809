import { HashPool } from '../../src/auth/passwords/hashing/hash-pool.service.js';
import { hold, untilWaiting } from '../support/database/held.js';
import { type Answer, Client } from '../support/http/client.js';
import { forgotPassword } from '../support/mail/mailed.js';
import { type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { Device, digestIn, HEADER } from './support/device.js';

const NEXT = 'an entirely new password';

describe('The devices of an account', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  interface Owner {
    person: Person;
    id: string;
    device: Device;
    bearer: string;
  }
  const someone = async (): Promise<Owner> => {
    const person = stranger();
    const id = await register(client, person);
    const device = new Device(client);
    await new Device(client).logIn(person);
    await new Device(client).logIn(person);
    const { body } = await device.logIn(person);
    return { person, id, device, bearer: body.accessToken as string };
  };
  const known = async ({ id }: Owner): Promise<Buffer[]> =>
    (await service.database.query<{ digest: Buffer }>('SELECT digest FROM known_devices WHERE user_id = $1', [id])).map(
      ({ digest }) => digest,
    );
  const changePassword = ({ person, bearer }: Owner, headers: Record<string, string>) =>
    client.post('/users/me/password', { currentPassword: person.password, newPassword: NEXT }, { bearer, headers });
  const reset = async ({ person, device }: Owner): Promise<Answer> => {
    const token = await forgotPassword(client, service.mailbox, person.email);
    return client.post('/auth/reset-password', { token, password: NEXT }, { headers: device.headers });
  };

  it('are forgotten when the password is reset, and only the one that is given a token with it is known', async () => {
    const owner = await someone();
    expect(await known(owner)).toHaveLength(3);
    const answer = await reset(owner);
    expect(answer.status).toBe(204);
    const token = answer.headers.get(HEADER)!;
    expect(await known(owner)).toEqual([digestIn(token, owner.id)]);
    expect(digestIn(token, owner.id)).not.toEqual(digestIn(owner.device.token!, owner.id));
  });

  it('are forgotten when the password is changed, but for the one it is changed from', async () => {
    const owner = await someone();
    expect((await changePassword(owner, owner.device.headers)).status).toBe(204);
    expect(await known(owner)).toEqual([digestIn(owner.device.token!, owner.id)]);
  });

  it('are forgotten when the password is changed, but for the browser it is changed from', async () => {
    const owner = await someone();
    const answer = await changePassword(owner, { cookie: `device_token=${owner.device.token}` });
    expect(answer.status).toBe(204);
    expect(await known(owner)).toEqual([digestIn(owner.device.token!, owner.id)]);
  });

  it('are all forgotten when the password is changed from none of them, also by the device of somebody else', async () => {
    const [one, two, another] = [await someone(), await someone(), await someone()];
    expect((await changePassword(one, {})).status).toBe(204);
    expect((await changePassword(two, { [HEADER]: another.device.token! })).status).toBe(204);
    expect([await known(one), await known(two)]).toEqual([[], []]);
    expect(await known(another)).toHaveLength(3);
  });

  it('stay when a change of the password is refused', async () => {
    const owner = await someone();
    const wrong = { ...owner, person: { ...owner.person, password: 'not the password' } };
    expect((await changePassword(wrong, {})).status).toBe(403);
    expect(await known(owner)).toHaveLength(3);
  });

  it('are forgotten when a change of the address is undone', async () => {
    const owner = await someone();
    const body = { email: stranger().email, currentPassword: owner.person.password };
    expect((await client.post('/users/me/email', body, { bearer: owner.bearer })).status).toBe(202);
    const { token } = await service.mailbox.next({ to: owner.person.email, template: 'email_change_requested' });
    expect((await client.post('/auth/undo-email-change', { token })).status).toBe(204);
    expect(await known(owner)).toEqual([]);
  });

  it('are none that began to log in before the password was reset', async () => {
    const owner = await someone();
    const pool = service.app.get(HashPool, { strict: false });
    const hashes = pool.jobs;
    const locker = await hold(service.database);
    // The session and its device are written in one statement: it waits here, and the reset is over before it goes on.
    await locker.run('UPDATE users SET session_epoch = session_epoch + 1 WHERE id = $1', [owner.id]);
    const login = new Device(client).logIn(owner.person);
    await untilWaiting(service.database, 1);
    expect(pool.jobs).toBe(hashes + 1);
    await locker.run('DELETE FROM known_devices WHERE user_id = $1', [owner.id]);
    await locker.commit();
    expect((await login).status).toBe(401);
    expect(await known(owner)).toEqual([]);
  });

  it('are among what their owner is given, by their times only', async () => {
    const owner = await someone();
    const { body, text } = await client.get('/users/me/export', { bearer: owner.bearer });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(body.devices).toEqual(Array(3).fill({ createdAt: time, lastSeenAt: time }));
    for (const digest of await known(owner)) {
      for (const how of ['hex', 'base64', 'base64url'] as const) expect(text).not.toContain(digest.toString(how));
    }
  });

  it('are at most twenty and a few, whatever number logs in at once, and twenty after the next', async () => {
    const owner = await someone();
    const answers = await Promise.all(Array.from({ length: 30 }, () => new Device(client).logIn(owner.person)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await new Device(client).logIn(owner.person);
    expect(await known(owner)).toHaveLength(20);
  });
});
