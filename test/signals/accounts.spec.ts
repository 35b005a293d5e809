import { Erasure } from '../../src/account/leaving/erasure.service.js';
import { SignalUpkeep } from '../../src/signals/upkeep/signal-upkeep.service.js';
import { WaitingPolls } from '../../src/signals/waiting-polls.service.js';
import { type Admin, admin } from '../admin/support/admins.js';
import { Client } from '../support/http/client.js';
import { hold } from '../support/database/held.js';
import { claimsOf, logIn, type Person, register, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { until } from '../support/time/until.js';
import { Delivery, Receiver } from './support/receivers.js';
import { headerOf, verifies } from './support/sets.js';

const DISABLED = 'https://schemas.openid.net/secevent/risc/event-type/account-disabled';

/** Keeps data of its own about people. */
const shop = new Receiver('https://shop.example.com/signals');
/** Was there before, and knows closed sessions only. */
const gateway = new Receiver('gateway');

describe('A receiver of account events', () => {
  let service: TestService;
  let client: Client;
  let ada: Admin;

  beforeAll(async () => {
    service = await startService({
      settings: { SSF_RECEIVERS: `${shop.setting},${gateway.setting}`, SSF_ACCOUNT_EVENTS: shop.id },
    });
    client = new Client(service.url);
    ada = await admin(client, service.database);
  });
  beforeEach(async () => {
    for (const receiver of [shop, gateway]) await receiver.drain(service);
  });
  afterAll(() => service.stop());

  interface Someone extends Tokens {
    userId: string;
    person: Person;
  }
  const someone = async (): Promise<Someone> => {
    const person = stranger();
    return { ...(await signedIn(client, person)), person };
  };
  const ok = async (answer: Promise<{ status: number }>): Promise<void> => {
    expect([200, 202, 204]).toContain((await answer).status);
  };
  const patch = (userId: string, body: object) =>
    ok(client.patch(`/admin/users/${userId}`, body, { bearer: ada.accessToken }));
  const disable = (userId: string) => patch(userId, { disabled: true, disabledReason: 'canary' });
  const closeOwn = ({ accessToken, person }: Someone) =>
    ok(client.delete('/users/me', { bearer: accessToken, body: { currentPassword: person.password } }));
  const closeAsAdmin = (userId: string) => ok(client.delete(`/admin/users/${userId}`, { bearer: ada.accessToken }));
  const restore = (userId: string) =>
    ok(client.post(`/admin/users/${userId}/restore`, undefined, { bearer: ada.accessToken }));
  const erase = async (userId: string): Promise<void> => {
    await service.database.query(`UPDATE users SET closed_at = closed_at - interval '15 days' WHERE id = $1`, [userId]);
    await service.app.get(Erasure, { strict: false }).erase();
  };
  const told = async (receiver = shop) => (await receiver.fetch(service)).accountEvents;

  it('gets a signed token with the account as its subject, and nothing else about it', async () => {
    const before = Math.floor(Date.now() / 1000);
    const userId = await register(client, stranger());
    await disable(userId);
    const { sets, jtis } = await shop.fetch(service);
    expect(jtis).toHaveLength(1);
    const set = sets[jtis[0]!]!;
    expect(headerOf(set)).toEqual({ alg: 'ES256', typ: 'secevent+jwt', kid: expect.stringMatching(/^[\w-]{43}$/) });
    expect(await verifies(client, set)).toBe(true);
    const claims = claimsOf(set);
    expect(claims).toEqual({
      iss: service.config.issuerUrl,
      jti: jtis[0],
      aud: shop.id,
      iat: expect.any(Number),
      txn: expect.stringMatching(/^[0-9a-f-]{36}$/),
      sub_id: { format: 'iss_sub', iss: service.config.issuerUrl, sub: userId },
      events: { [DISABLED]: {} },
    });
    expect(Number.isInteger(claims.iat)).toBe(true);
    expect(claims.iat).toBeGreaterThanOrEqual(before - 1);
    expect(claims.iat).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + 1);
    expect((await client.get('/users/me', { bearer: set })).status).toBe(401);
  });

  const changes: Record<string, [(someone: Someone) => Promise<void>, string[]]> = {
    'an admin disables and enables an account': [
      async ({ userId }) => {
        await disable(userId);
        await patch(userId, { disabledReason: 'another reason' });
        await patch(userId, { disabled: false });
      },
      ['account-disabled', 'account-enabled'],
    ],
    'a person closes their account': [closeOwn, ['account-disabled']],
    'an admin closes an account and restores it': [
      async ({ userId }) => {
        await closeAsAdmin(userId);
        await restore(userId);
      },
      ['account-disabled', 'account-enabled'],
    ],
    'an account that was disabled is closed and restored': [
      async ({ userId }) => {
        await disable(userId);
        await closeAsAdmin(userId);
        await restore(userId);
      },
      ['account-disabled'],
    ],
    'a closed account is erased': [
      async (person) => {
        await closeOwn(person);
        await erase(person.userId);
      },
      ['account-disabled', 'account-purged'],
    ],
    'an account is deleted past the service': [
      async ({ userId }) => void (await service.database.query('DELETE FROM users WHERE id = $1', [userId])),
      ['account-purged'],
    ],
    'the email address changes, and changes back': [
      async ({ accessToken, person }) => {
        const email = stranger().email;
        const body = { email, currentPassword: person.password };
        await ok(client.post('/users/me/email', body, { bearer: accessToken }));
        const { token } = await service.mailbox.next({ to: email, template: 'confirm_email_change' });
        expect(await told()).toEqual([]);
        await ok(client.post('/auth/confirm-email-change', { token }));
        const undo = await service.mailbox.next({ to: person.email, template: 'email_changed' });
        await ok(client.post('/auth/undo-email-change', { token: undo.token }));
      },
      ['recovery-information-changed', 'recovery-information-changed'],
    ],
    'a person gets a role, logs in, refreshes, and changes language and password': [
      async ({ userId, person }) => {
        await patch(userId, { role: 'editor' });
        const { refreshToken, accessToken } = await logIn(client, person);
        await ok(client.post('/auth/refresh', { refreshToken }));
        await ok(client.patch('/users/me', { locale: 'ru' }, { bearer: accessToken }));
        const passwords = { currentPassword: person.password, newPassword: 'seven green kettles' };
        await ok(client.post('/users/me/password', passwords, { bearer: accessToken }));
      },
      [],
    ],
  };

  it.each(Object.entries(changes))('is told in order what happens when %s', async (_, [change, types]) => {
    const person = await someone();
    await change(person);
    expect(await told()).toEqual(types.map((type) => [type, person.userId]));
  });

  it('gets no email address, and not the words of an admin', async () => {
    const { userId, person } = await someone();
    const { email } = stranger();
    await service.database.query('UPDATE users SET email = $2 WHERE id = $1', [userId, email]);
    await disable(userId);
    await service.database.query('DELETE FROM users WHERE id = $1', [userId]);
    const { sets, accountEvents } = await shop.fetch(service);
    expect(accountEvents).toHaveLength(3);
    const texts = Object.values(sets).map((set) => JSON.stringify(claimsOf(set)));
    for (const word of [person.email, email, 'canary']) expect(texts.join()).not.toContain(word);
  });

  it('is told of an erased account when nothing else is left of it, until it acknowledges', async () => {
    const person = await someone();
    await closeOwn(person);
    await shop.drain(service);
    await erase(person.userId);
    expect(await service.database.query('SELECT FROM users WHERE id = $1', [person.userId])).toEqual([]);
    const first = await shop.fetch(service);
    const again = await shop.fetch(service);
    expect(first.accountEvents).toEqual([['account-purged', person.userId]]);
    expect(claimsOf(again.sets[first.jtis[0]!]!)).toEqual(claimsOf(first.sets[first.jtis[0]!]!));
    expect((await gateway.fetch(service, { ack: first.jtis })).jtis).not.toEqual([]);
    expect(await told()).toHaveLength(1);
    expect((await shop.fetch(service, { ack: first.jtis })).jtis).toEqual([]);
    expect((await shop.fetch(service)).jtis).toEqual([]);
  });

  it('can refuse an event, which is then not sent again', async () => {
    await disable(await register(client, stranger()));
    const { jtis } = await shop.fetch(service);
    expect((await shop.fetch(service, { setErrs: { [jtis[0]!]: { err: 'invalid_audience' } } })).jtis).toEqual([]);
    const line = service.log.find((text) => text.includes(jtis[0]!) && text.includes('signal_refused'));
    expect(JSON.parse(line!)).toMatchObject({ receiverId: shop.id, jti: jtis[0], error: 'invalid_audience' });
  });

  it('gets closed sessions and accounts together, the oldest first', async () => {
    const { userId } = await someone();
    await disable(userId);
    await client.post('/auth/logout', { refreshToken: (await someone()).refreshToken });
    await patch(userId, { disabled: false });
    const { sets } = await shop.fetch(service);
    const types = Object.values(sets).flatMap((set) => Object.keys(claimsOf(set).events as object));
    expect(types.map((type) => type.split('/').at(-1))).toEqual([
      'account-disabled',
      'session-revoked',
      'session-revoked',
      'account-enabled',
    ]);
    const three = await shop.fetch(service, { maxEvents: 3 });
    expect([three.jtis, three.moreAvailable]).toEqual([Object.keys(sets).slice(0, 3), true]);
    const rest = await shop.fetch(service, { maxEvents: 3, ack: three.jtis });
    expect([rest.accountEvents, rest.moreAvailable]).toEqual([[['account-enabled', userId]], false]);
  });

  it('is answered while it waits', async () => {
    const userId = await register(client, stranger());
    const poll = shop.poll(service, { returnImmediately: false });
    const polls = service.app.get(WaitingPolls, { strict: false });
    await until(async () => polls.countFor(shop.id) === 1 && true);
    await disable(userId);
    expect(new Delivery(await poll).accountEvents).toEqual([['account-disabled', userId]]);
  });

  it('is told nothing of what was rolled back', async () => {
    const { userId } = await someone();
    const held = await hold(service.database);
    await held.run('DELETE FROM users WHERE id = $1', [userId]);
    await held.rollBack();
    expect((await shop.fetch(service)).jtis).toEqual([]);
  });

  it('finds everything within 7 days, and nothing later', async () => {
    const [old, kept] = [await register(client, stranger()), await register(client, stranger())];
    await disable(old);
    await disable(kept);
    const age = (userId: string, interval: string) =>
      service.database.query('UPDATE account_signals SET occurred_at = occurred_at - $2::interval WHERE user_id = $1', [
        userId,
        interval,
      ]);
    await age(old, '7 days');
    await age(kept, '6 days 23 hours');
    expect(await told()).toEqual([['account-disabled', kept]]);
    await service.app.get(SignalUpkeep, { strict: false }).keep();
    const left = 'SELECT user_id FROM account_signals WHERE user_id = ANY ($1)';
    expect(await service.database.query(left, [[old, kept]])).toEqual([{ user_id: kept }]);
  });

  it('is one that the settings name: another is sent closed sessions only, and nothing is kept for it', async () => {
    const { userId } = await someone();
    await disable(userId);
    const { jtis, accountEvents } = await gateway.fetch(service);
    expect([jtis.length, accountEvents]).toEqual([1, []]);
    const kept = 'SELECT receiver_id FROM account_signals WHERE user_id = $1';
    expect(await service.database.query(kept, [userId])).toEqual([{ receiver_id: shop.id }]);
  });

  it('is sent none of those that wait for it once the settings do not name it any more', async () => {
    await service.database.query(
      `INSERT INTO account_signals (jti, event_id, receiver_id, user_id, type) VALUES ($1, $1, 'gateway', $1, 'account-purged')`,
      ['019ab5a4-9a01-7d0f-8f43-6a1c1d2e3f40'],
    );
    expect((await gateway.fetch(service)).jtis).toEqual([]);
  });

  it('is one until a day after the last replica whose settings name it', async () => {
    const named = (id: string, hours: number) =>
      service.database.query(
        `INSERT INTO signal_receivers (id, account_events_at) VALUES ($1, now() - make_interval(hours => $2))
         ON CONFLICT (id) DO UPDATE SET account_events_at = excluded.account_events_at`,
        [id, hours],
      );
    await named('elsewhere', 23);
    await named(gateway.id, 25);
    await named(shop.id, 25);
    await service.app.get(SignalUpkeep, { strict: false }).keep();
    const rows = await service.database.query(
      'SELECT id FROM signal_receivers WHERE account_events_at IS NOT NULL ORDER BY id',
    );
    expect(rows).toEqual([{ id: 'elsewhere' }, { id: shop.id }]);
  });
});
