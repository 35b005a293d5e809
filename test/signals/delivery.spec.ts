import { Client } from '../support/http/client.js';
import { hold } from '../support/database/held.js';
import { claimsOf, logIn, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { times } from '../support/sessions/refreshes.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import type { TestService } from '../support/service/service.js';
import { contentOf, letPass } from '../support/sessions/sessions-seen.js';
import { SignalUpkeep } from '../../src/signals/upkeep/signal-upkeep.service.js';
import { Receiver } from './support/receivers.js';

const shop = new Receiver('https://shop.example.com/signals');
const mail = new Receiver('mail');

describe('POST /ssf/poll', () => {
  let replicas: Replicas;
  let here: TestService;
  let there: TestService;
  let client: Client;

  beforeAll(async () => {
    replicas = await startReplicas({ SSF_RECEIVERS: `${shop.setting}, ${mail.setting}` });
    [here, there] = replicas.services as [TestService, TestService];
    client = replicas.all[0]!;
  });
  beforeEach(async () => {
    for (const receiver of [shop, mail]) await receiver.drain(here);
  });
  afterAll(() => replicas.stop());

  const sessionIdOf = ({ refreshToken }: Tokens): string => contentOf(refreshToken).sessionId;
  const logOut = ({ refreshToken }: Tokens) => client.post('/auth/logout', { refreshToken });
  /** @returns the tokens of so many sessions, in the order in which they were closed */
  const closed = async (count: number): Promise<Tokens[]> => {
    const person = stranger();
    const sessions: Tokens[] = [await signedIn(client, person)];
    while (sessions.length < count) sessions.push(await logIn(client, person));
    for (const tokens of sessions) await logOut(tokens);
    return sessions;
  };

  it('tells of a closed session again and again under one jti, until it is acknowledged', async () => {
    const [tokens] = await closed(1);
    const first = await shop.fetch(here);
    const second = await shop.fetch(there);
    expect(first.sessionIds).toEqual([sessionIdOf(tokens!)]);
    expect(claimsOf(first.sets[first.jtis[0]!]!)).toEqual(claimsOf(second.sets[first.jtis[0]!]!));
    expect((await shop.fetch(there, { ack: first.jtis })).jtis).toEqual([]);
    expect((await shop.fetch(here)).jtis).toEqual([]);
    expect((await shop.fetch(here, { ack: first.jtis })).jtis).toEqual([]);
  });

  it('gives each receiver its own tokens, which no other can acknowledge', async () => {
    await closed(1);
    const [forShop, forMail] = [await shop.fetch(here), await mail.fetch(here)];
    expect(forMail.sessionIds).toEqual(forShop.sessionIds);
    expect(forMail.jtis).not.toEqual(forShop.jtis);
    await mail.fetch(here, { ack: forShop.jtis, setErrs: { [forShop.jtis[0]!]: { err: 'invalid_key' } } });
    expect((await shop.fetch(there)).jtis).toEqual(forShop.jtis);
    await shop.fetch(here, { ack: forShop.jtis });
    expect((await mail.fetch(there)).jtis).toEqual(forMail.jtis);
  });

  const closings: Record<string, (tokens: Tokens & { userId: string }) => Promise<unknown>> = {
    'POST /auth/logout': logOut,
    'DELETE /sessions/:id': (tokens) =>
      client.delete(`/sessions/${sessionIdOf(tokens)}`, { bearer: tokens.accessToken }),
    'DELETE /sessions': ({ accessToken }) => client.delete('/sessions', { bearer: accessToken }),
    'a refresh token used twice': async ({ refreshToken }) => {
      await client.post('/auth/refresh', { refreshToken });
      await letPass(replicas.database, refreshToken, '1 minute');
      await client.post('/auth/refresh', { refreshToken });
    },
    'an UPDATE past the service': (tokens) =>
      replicas.database.query('UPDATE sessions SET closed_at = now() WHERE id = $1', [sessionIdOf(tokens)]),
    'the deletion of the user': ({ userId }) => replicas.database.query('DELETE FROM users WHERE id = $1', [userId]),
  };

  it.each(Object.entries(closings))('tells of a session closed by %s', async (_, close) => {
    const tokens = await signedIn(client);
    await close(tokens);
    expect((await shop.fetch(there)).sessionIds).toEqual([sessionIdOf(tokens)]);
  });

  it('is silent about a refresh', async () => {
    const { refreshToken } = await signedIn(client);
    await client.post('/auth/refresh', { refreshToken });
    expect((await shop.fetch(here)).jtis).toEqual([]);
  });

  it('gives the oldest first, no more than asked for, and says whether there is more', async () => {
    const sessions = await closed(3);
    const two = await shop.fetch(here, { maxEvents: 2 });
    expect([two.sessionIds, two.moreAvailable]).toEqual([sessions.slice(0, 2).map(sessionIdOf), true]);
    const rest = await shop.fetch(there, { maxEvents: 2, ack: two.jtis });
    expect([rest.sessionIds, rest.moreAvailable]).toEqual([[sessionIdOf(sessions[2]!)], false]);
    const none = await shop.fetch(here, { maxEvents: 0 });
    expect([none.jtis, none.moreAvailable]).toEqual([[], true]);
    const over = await shop.fetch(here, { maxEvents: 0, ack: rest.jtis, returnImmediately: false });
    expect([over.jtis, over.moreAvailable]).toEqual([[], false]);
  });

  it('gives at most 100 at once, whose acknowledgements fit into one body', async () => {
    const { userId } = await signedIn(client);
    const ids = times(150, (i) => `019ab5a4-9a01-7d0f-8f43-${String(i).padStart(12, '0')}`);
    await replicas.database.query(
      `INSERT INTO sessions (id, user_id, nonce, mac_key_id, expires_at)
       SELECT id, $2, '\\x00', 'none', now() + interval '1 day' FROM unnest($1::uuid[]) id`,
      [ids, userId],
    );
    await replicas.database.query('UPDATE sessions SET closed_at = now() WHERE id = ANY ($1)', [ids]);
    const [many, more] = [await shop.fetch(here), await shop.fetch(here, { maxEvents: 1_000_000 })];
    expect([many.jtis.length, many.moreAvailable, more.jtis]).toEqual([100, true, many.jtis]);
    const setErrs = Object.fromEntries(many.jtis.map((jti) => [jti, { err: 'invalid_request', description: 'Why?' }]));
    const rest = await shop.fetch(here, { setErrs });
    expect([rest.jtis.length, rest.moreAvailable]).toEqual([50, false]);
  });

  it('loses nothing that is committed later than what was closed after it', async () => {
    const [slow, fast] = [await signedIn(client), await signedIn(client)];
    const held = await hold(replicas.database);
    await held.run('UPDATE sessions SET closed_at = now() WHERE id = $1', [sessionIdOf(slow)]);
    await logOut(fast);
    const early = await shop.fetch(here);
    expect(early.sessionIds).toEqual([sessionIdOf(fast)]);
    expect((await shop.fetch(here, { ack: early.jtis })).jtis).toEqual([]);
    await held.commit();
    const late = await shop.fetch(there);
    expect(late.sessionIds).toEqual([sessionIdOf(slow)]);
    const ids = await replicas.database.query<{ id: string }>('SELECT id FROM revocations ORDER BY id DESC LIMIT 2');
    expect([claimsOf(late.sets[late.jtis[0]!]!).txn, claimsOf(early.sets[early.jtis[0]!]!).txn]).toEqual(
      ids.map(({ id }) => id).reverse(),
    );
  });

  it('tells nothing of what was rolled back', async () => {
    const tokens = await signedIn(client);
    const held = await hold(replicas.database);
    await held.run('UPDATE sessions SET closed_at = now() WHERE id = $1', [sessionIdOf(tokens)]);
    await held.rollBack();
    expect((await shop.fetch(here)).jtis).toEqual([]);
  });

  it('sends no more what a receiver cannot use, and tells the operator without the receiver’s own words', async () => {
    await closed(2);
    const { jtis } = await shop.fetch(here);
    const setErrs = {
      [jtis[0]!]: { err: 'authentication_failed', description: 'canary' },
      [jtis[1]!]: { err: 'canary\nof mine' },
      '019ab5a4-9a01-7d0f-8f43-6a1c1d2e3f40': { err: 'canary' },
      canary: {},
    };
    expect((await shop.fetch(here, { setErrs })).jtis).toEqual([]);
    const told = here.log
      .filter((line) => jtis.some((jti) => line.includes(jti)))
      .map((line) => JSON.parse(line) as object);
    expect(told).toHaveLength(2);
    for (const [i, error] of ['authentication_failed', 'other'].entries()) {
      const line = { level: 'warn', event: 'signal_refused', receiverId: shop.id, jti: jtis[i], error };
      expect(told).toContainEqual(expect.objectContaining(line));
    }
    expect(here.log.join('')).not.toContain('canary');
  });

  it('passes over acknowledgements of what it never sent', async () => {
    await closed(1);
    const ack = ['019ab5a4-9a01-7d0f-8f43-6a1c1d2e3f40', 'no uuid', '', "'; --", '\u0000'];
    expect((await shop.fetch(here, { ack })).jtis).toHaveLength(1);
  });

  it.each([
    ['ack is no list', { ack: 'a' }, 'ack', 'not_an_array'],
    ['ack holds a number', { ack: [1] }, 'ack', 'not_a_string'],
    ['ack holds null', { ack: [null] }, 'ack', 'not_a_string'],
    ['ack is too long', { ack: times(401, String) }, 'ack', 'too_many'],
    ['ack holds a long text', { ack: ['a'.repeat(256)] }, 'ack', 'too_long'],
    ['ack is null', { ack: null }, 'ack', 'not_a_string'],
    ['setErrs is a list', { setErrs: [] }, 'setErrs', 'not_an_object'],
    ['setErrs is null', { setErrs: null }, 'setErrs', 'not_an_object'],
    ['setErrs holds a text', { setErrs: { a: 'invalid_key' } }, 'setErrs', 'not_an_object'],
    ['an err is a number', { setErrs: { a: { err: 1 } } }, 'setErrs', 'not_an_object'],
    ['maxEvents is negative', { maxEvents: -1 }, 'maxEvents', 'too_small'],
    ['maxEvents is a text', { maxEvents: '1' }, 'maxEvents', 'not_an_integer'],
    ['maxEvents is no whole number', { maxEvents: 1.5 }, 'maxEvents', 'not_an_integer'],
    ['maxEvents is beyond all measure', { maxEvents: 1e20 }, 'maxEvents', 'too_large'],
    ['returnImmediately is a text', { returnImmediately: 'true' }, 'returnImmediately', 'not_a_boolean'],
    ['there is something else', { subject: {} }, 'subject', 'unknown_property'],
  ])('answers 400 when %s', async (_, body, field, code) => {
    const { status, body: problem } = await shop.poll(here, body);
    expect([status, problem.errors]).toEqual([400, [expect.objectContaining({ field, code })]]);
  });

  it('answers 413 to a body of more than 16 KiB', async () => {
    expect((await shop.poll(here, { ack: times(400, () => 'a'.repeat(60)) })).status).toBe(413);
  });

  it('keeps what nobody fetched for 7 days, and not for longer', async () => {
    const [old, kept] = await closed(2);
    const age = (tokens: Tokens, interval: string) =>
      replicas.database.query('UPDATE signals SET closed_at = closed_at - $2::interval WHERE session_id = $1', [
        sessionIdOf(tokens),
        interval,
      ]);
    await age(old!, '7 days');
    await age(kept!, '6 days 23 hours');
    expect((await shop.fetch(here)).sessionIds).toEqual([sessionIdOf(kept!)]);
    const count = async () => (await replicas.database.query('SELECT FROM signals')).length;
    const other = await hold(replicas.database);
    await other.run('SELECT pg_advisory_xact_lock(7265110)');
    await here.app.get(SignalUpkeep, { strict: false }).keep();
    expect(await count()).toBe(4);
    await other.commit();
    await here.app.get(SignalUpkeep, { strict: false }).keep();
    expect(await count()).toBe(2);
  });
});
