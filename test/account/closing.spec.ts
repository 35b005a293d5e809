import { ClosingService } from '../../src/account/leaving/closing.service.js';
import { Erasure } from '../../src/account/leaving/erasure.service.js';
import { InvalidOneTimeToken } from '../../src/one-time-tokens/one-time-tokens.errors.js';
import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { LastAdmin } from '../../src/users/users.errors.js';
import { hold, untilWaiting } from '../support/database/held.js';
import { Client } from '../support/http/client.js';
import { crowd } from '../support/people/crowd.js';
import { logIn, type Person, register, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';

const ADMIN = '019ab5a4-8f6e-7cc3-a6a5-4d3bf7a1c0de';

describe('An account', () => {
  let replicas: Replicas;
  let client: Client;
  let closing: ClosingService;
  let erasures: Erasure[];

  beforeAll(async () => {
    replicas = await startReplicas();
    client = replicas.all[0]!;
    closing = replicas.services[0]!.app.get(ClosingService, { strict: false });
    erasures = replicas.services.map(({ app }) => app.get(Erasure, { strict: false }));
  });
  afterAll(() => replicas.stop());

  const change = (sql: string, id: string): Promise<unknown[]> => replicas.database.query(sql, [id]);
  const closed = async (): Promise<{ person: Person; userId: string; tokens: Tokens }> => {
    const person = stranger();
    const { userId, ...tokens } = await signedIn(client, person);
    expect(await closing.close(userId, { actorId: userId })).toBe(true);
    return { person, userId, tokens };
  };
  const letPass = (userId: string, time: string): Promise<unknown[]> =>
    change(`UPDATE users SET closed_at = closed_at - interval '${time}' WHERE id = $1`, userId);

  it('that is closed lets nobody in, neither by a session nor by a link', async () => {
    const links = replicas.services[0]!.app.get(OneTimeTokensService, { strict: false });
    const person = stranger();
    const { userId, ...tokens } = await signedIn(client, person);
    const link = (await links.issue(userId, 'reset_password', person.email))!;
    expect(await closing.close(userId, { actorId: userId })).toBe(true);
    expect((await client.get('/sessions', { bearer: tokens.accessToken })).status).toBe(401);
    expect((await client.post('/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(401);
    expect((await client.post('/auth/login', person)).status).toBe(401);
    expect((await client.post('/auth/register', person)).status).toBe(409);
    await expect(links.find(link, 'reset_password')).rejects.toThrow(InvalidOneTimeToken);
    expect(await replicas.database.query(`SELECT close_reason FROM sessions WHERE user_id = $1`, [userId])).toEqual([
      { close_reason: 'account_closed' },
    ]);
  });

  it('that is closed gets a mail that says when it will be gone', async () => {
    const { person } = await closed();
    const { text } = await replicas.services[0]!.mailbox.next({ to: person.email, template: 'account_closed' });
    const date = new Date(Date.now() + 14 * 86_400_000);
    expect(text).toContain(String(date.getUTCFullYear()));
    expect(text).toContain(date.toLocaleString('en', { month: 'long', timeZone: 'UTC' }));
  });

  it('is closed once, and not on the word of a password that was changed since', async () => {
    const { userId } = await signedIn(client);
    await change('UPDATE users SET session_epoch = session_epoch + 1 WHERE id = $1', userId);
    expect(await closing.close(userId, { actorId: userId, seenEpoch: 0 })).toBe(false);
    expect(await closing.close(userId, { actorId: userId, seenEpoch: 1 })).toBe(true);
    expect(await closing.close(userId, { actorId: userId, seenEpoch: 2 })).toBe(false);
    expect(await closing.close('nobody', { actorId: ADMIN })).toBe(false);
  });

  it('is back once it is restored, with its password and without its sessions', async () => {
    const { person, userId, tokens } = await closed();
    expect(await closing.restore(userId, ADMIN)).toBe(true);
    expect(await closing.restore(userId, ADMIN)).toBe(false);
    expect((await client.post('/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(401);
    await logIn(client, person);
  });

  it('that was disabled before it was closed is so again when it is restored', async () => {
    const person = stranger();
    const userId = await register(client, person);
    await change(`UPDATE users SET disabled_at = now(), disabled_reason = 'spam' WHERE id = $1`, userId);
    await closing.close(userId, { actorId: ADMIN });
    await closing.restore(userId, ADMIN);
    expect(
      await replicas.database.query(
        'SELECT disabled_reason, closed_at FROM users WHERE id = $1 AND disabled_at IS NOT NULL',
        [userId],
      ),
    ).toEqual([{ disabled_reason: 'spam', closed_at: null }]);
  });

  it('stays closed for 14 days, and then nothing is left of it but a free address', async () => {
    const { person, userId } = await closed();
    await letPass(userId, '13 days 23 hours');
    await erasures[0]!.erase();
    expect((await client.post('/auth/register', person)).status).toBe(409);
    await letPass(userId, '1 hour');
    await erasures[0]!.erase();
    for (const table of ['credentials', 'sessions', 'one_time_tokens']) {
      expect(await replicas.database.query(`SELECT FROM ${table} WHERE user_id = $1`, [userId])).toEqual([]);
    }
    expect(await closing.restore(userId, ADMIN)).toBe(false);
    expect(await register(client, person)).not.toBe(userId);
    const events = 'SELECT type, actor_id FROM audit_events WHERE subject_id = $1 ORDER BY id DESC LIMIT 2';
    expect(await replicas.database.query(events, [userId])).toEqual([
      { type: 'account_erased', actor_id: null },
      { type: 'account_closed', actor_id: userId },
    ]);
  });

  it('is erased once by one of two replicas, however many wait for it', async () => {
    const members = await crowd(client, replicas.database, 50);
    const ids = members.map(({ userId }) => userId);
    await replicas.database.query(
      `UPDATE users SET disabled_at = now(), closed_at = now() - interval '15 days' WHERE id = ANY ($1)`,
      [ids],
    );
    await Promise.all(erasures.map((erasure) => erasure.erase()));
    await erasures[0]!.erase();
    expect(await replicas.database.query('SELECT FROM users WHERE id = ANY ($1)', [ids])).toEqual([]);
    const events = await replicas.database.query<{ subject_id: string }>(
      `SELECT subject_id FROM audit_events WHERE type = 'account_erased' AND subject_id = ANY ($1)`,
      [ids],
    );
    expect(events.map((event) => event.subject_id).sort()).toEqual(ids.toSorted());
  });

  it('that is just being restored is not erased, and does not hold up the others', async () => {
    const [kept, other] = [await closed(), await closed()];
    for (const { userId } of [kept, other]) await letPass(userId, '15 days');
    const held = await hold(replicas.database);
    await held.run('UPDATE users SET disabled_at = NULL, closed_at = NULL WHERE id = $1', [kept.userId]);
    await erasures[0]!.erase();
    await held.commit();
    await erasures[1]!.erase();
    await logIn(client, kept.person);
    expect((await client.post('/auth/register', other.person)).status).toBe(201);
  });

  it('of the last admin who can come in stays open', async () => {
    const [one, two] = [await signedIn(client), await signedIn(client)];
    for (const { userId } of [one, two]) await change(`UPDATE users SET role = 'admin' WHERE id = $1`, userId);
    const invited = await register(client, stranger());
    await change(`UPDATE users SET role = 'admin', invited_at = now() WHERE id = $1`, invited);
    expect(await closing.close(one.userId, { actorId: one.userId })).toBe(true);
    await expect(closing.close(two.userId, { actorId: two.userId })).rejects.toThrow(LastAdmin);
    expect((await client.get('/sessions', { bearer: two.accessToken })).status).toBe(200);
    expect(await closing.close(invited, { actorId: two.userId })).toBe(true);
    await change(`UPDATE users SET role = 'user' WHERE id = $1`, two.userId);
  });

  it('of one of two admins stays open when both close theirs at once', async () => {
    const admins = [await signedIn(client), await signedIn(client)];
    for (const { userId } of admins) await change(`UPDATE users SET role = 'admin' WHERE id = $1`, userId);
    const held = await hold(replicas.database);
    await held.run('SELECT FROM sessions WHERE user_id = ANY ($1) FOR UPDATE', [admins.map(({ userId }) => userId)]);
    const closings = admins.map(({ userId }) => closing.close(userId, { actorId: userId }));
    const ended = Promise.allSettled(closings);
    await untilWaiting(replicas.database, 2);
    await held.commit();
    expect((await ended).map((one) => (one.status === 'rejected' ? (one.reason as unknown) : one.value))).toEqual(
      expect.arrayContaining([true, expect.any(LastAdmin)]),
    );
  });
});
