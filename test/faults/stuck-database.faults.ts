import { hold, type HeldTransaction, untilWaiting } from '../support/database/held.js';
import type { Answer, Client } from '../support/http/client.js';
import { logIn, type Person, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { refresh, statusesOf, times } from '../support/sessions/refreshes.js';
import { openSessions, sessionOf } from '../support/sessions/sessions-seen.js';
import { until } from '../support/time/until.js';
import { timed, type Timed, unavailable } from './support/answers.js';
import { type Fleet, startFleet } from './support/fleet.js';

const LIMIT_MILLIS = 4_000;

describe('A PostgreSQL that is there and does not answer', () => {
  let fleet: Fleet;
  let person: Person;
  let tokens: Tokens;

  beforeAll(async () => {
    fleet = await startFleet();
  });
  afterAll(() => fleet.stop());
  beforeEach(async () => {
    person = stranger();
    tokens = await signedIn(fleet.next(), person);
  });

  const login = (client: Client): Promise<Timed> => timed(() => client.post('/auth/login', person));
  const rotation = (client: Client): Promise<Timed> => timed(() => refresh(client, tokens.refreshToken));
  const list = (client: Client): Promise<Timed> => timed(() => client.get('/sessions', { bearer: tokens.accessToken }));
  const me = (client: Client): Promise<Timed> => timed(() => client.get('/users/me', { bearer: tokens.accessToken }));
  const everywhere = (ask: (client: Client) => Promise<Timed>): Promise<Timed[]> => Promise.all(fleet.all.map(ask));

  const expectRefusedInTime = (answers: Timed[]): void => {
    expect(answers).toEqual(answers.map(() => unavailable));
    for (const { millis } of answers) expect(millis).toBeLessThan(LIMIT_MILLIS);
  };

  /** What asks the database nothing is answered as ever. */
  const expectUnhurt = async (): Promise<void> => {
    for (const client of fleet.all) {
      expect((await client.get('/health/live')).status).toBe(200);
      expect((await client.get('/.well-known/jwks.json')).status).toBe(200);
    }
  };

  const lock = async (table: string): Promise<HeldTransaction> => {
    const held = await hold(fleet.database);
    await held.run(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return held;
  };

  it('because a table is locked answers 503 within 4 s to those who need it, other routes unhurt', async () => {
    const held = await lock('sessions');
    const [refused, unhurt] = await Promise.all([
      Promise.all([everywhere(login), everywhere(rotation)]),
      everywhere(me),
    ]);
    await held.rollBack();
    expectRefusedInTime(refused.flat());
    expect(statusesOf(unhurt)).toEqual([200]);
    expect(statusesOf(await everywhere(login))).toEqual([200]);
    expect(statusesOf(await everywhere(rotation))).toEqual([200]);
  });

  it('because the pool is exhausted answers 503 within 4 s, other routes and the other replicas unhurt', async () => {
    const [exhausted, other, another] = fleet.all as [Client, Client, Client];
    const held = await lock('sessions');
    const asked = times(40, () => list(exhausted)); // each by a statement of its own, where rotations share theirs
    await untilWaiting(fleet.database, 10); // as many as it has connections
    const waiting = me(exhausted); // needs a connection, and no lock
    await expectUnhurt();
    expect(statusesOf([await me(other), await me(another)])).toEqual([200]);
    const answers = await Promise.all(asked);
    await held.rollBack();
    expectRefusedInTime(answers);
    const late = await waiting;
    expect([200, 503]).toContain(late.status);
    expect(late.millis).toBeLessThan(LIMIT_MILLIS);
    expect(statusesOf(await everywhere(me))).toEqual([200]);
    expect((await rotation(exhausted)).status).toBe(200);
  });

  it('because a query is slow answers 503 within 4 s, other routes unhurt, and does nothing by halves', async () => {
    await fleet.database.query(
      `CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(20); RETURN new; END'`,
    );
    await fleet.database.query(
      'CREATE TRIGGER dawdle BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION dawdle()',
    );
    const asked = everywhere(login);
    expect(statusesOf(await everywhere(me))).toEqual([200]);
    await expectUnhurt();
    const answers = await asked;
    await fleet.database.query('DROP FUNCTION dawdle CASCADE');
    expectRefusedInTime(answers);
    const { user_id } = await sessionOf(fleet.database, tokens.refreshToken);
    expect(await fleet.database.query('SELECT FROM sessions WHERE user_id = $1', [user_id])).toHaveLength(1);
    expect(statusesOf(await everywhere(login))).toEqual([200]);
  });

  /** Stops these processes where they are; what they hold open stays open. */
  const freeze = (pids: readonly number[]): (() => void) => {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    return () => pids.forEach((pid) => process.kill(pid, 'SIGCONT'));
  };

  const wellAgain = async (): Promise<void> => {
    for (const client of fleet.all) {
      expect((await client.post('/auth/login', person)).status).toBe(200);
      expect((await rotation(client)).status).toBe(200);
      expect((await me(client)).status).toBe(200);
    }
  };

  it('because all of it is frozen (SIGSTOP) answers 503 within 4 s, other routes unhurt, and is well again', async () => {
    await fleet.database.query('SELECT 1'); // a connection past them that is open already
    const thaw = freeze([await fleet.cluster.postmaster(), ...(await fleet.cluster.backends())]);
    try {
      const asked = Promise.all([everywhere(login), everywhere(rotation), everywhere(me)]);
      await expectUnhurt();
      expectRefusedInTime((await asked).flat());
    } finally {
      thaw();
    }
    await wellAgain();
  });

  /** The service's connections as they are now, none of them in the middle of something: that might keep new ones out. */
  const freezeIdle = (): Promise<() => void> =>
    until(async () => {
      const backends = await fleet.cluster.backends();
      const thaw = freeze(backends);
      const busy = await fleet.database.query(
        `SELECT FROM pg_stat_activity WHERE pid = ANY($1) AND state IS DISTINCT FROM 'idle'`,
        [backends],
      );
      if (busy.length === 0) return thaw;
      thaw();
      return false;
    }, 10_000);

  it('because its backends are frozen (SIGSTOP) answers 503 within 4 s, or 200 by a new connection, and is well again', async () => {
    const thaw = await freezeIdle();
    try {
      const enough = times(12, () => everywhere(me)); // for every connection of each pool, of which some may not be open
      const asked = Promise.all([...enough, everywhere(login), everywhere(rotation)]);
      await expectUnhurt();
      const answers = (await asked).flat();
      const [through, refused] = [200, 503].map((wanted) => answers.filter(({ status }) => status === wanted));
      expect(through!.length + refused!.length).toBe(answers.length);
      expect(refused!.length).toBeGreaterThan(0);
      expectRefusedInTime(refused!);
      for (const { millis } of through!) expect(millis).toBeLessThan(LIMIT_MILLIS);
      expect(statusesOf(await everywhere(me))).toEqual([200]); // no frozen connection is used again
    } finally {
      thaw();
    }
    await wellAgain();
  });

  /** A change of the password that meets a transaction which locks the same rows the other way round; the service gives way. */
  const crossed = async (user: string, letGo: (held: HeldTransaction) => Promise<void>): Promise<Timed> => {
    const held = await hold(fleet.database);
    await held.run(`SET LOCAL deadlock_timeout = '30s'`); // the service is the one who finds out
    await held.run('SELECT FROM sessions WHERE user_id = $1 FOR UPDATE', [user]);
    const asked = timed(changePassword);
    await untilWaiting(fleet.database, 1);
    await held.run('SELECT FROM users WHERE id = $1 FOR UPDATE', [user]); // granted once the service has given way
    await letGo(held);
    return asked;
  };
  const changePassword = (): Promise<Answer> => {
    const change = { currentPassword: person.password, newPassword: 'a password of another day' };
    return fleet.next().post('/users/me/password', change, { bearer: tokens.accessToken });
  };
  const changes = (user: string): Promise<object[]> =>
    fleet.database.query(`SELECT FROM audit_events WHERE type = 'password_changed' AND subject_id = $1`, [user]);

  it('because of a deadlock does the same once more, and answers 204 with everything done once', async () => {
    const { user_id } = await sessionOf(fleet.database, tokens.refreshToken);
    await signIn(person); // a second session, which a change of the password closes
    expect((await crossed(user_id, (held) => held.rollBack())).status).toBe(204);
    expect(await changes(user_id)).toHaveLength(1);
    expect(await openSessions(fleet.database, user_id)).toBe(1);
    expect((await fleet.next().post('/auth/login', person)).status).toBe(401);
  });

  it('because of a deadlock whose winner does not let go answers 503 within 4 s, with nothing done, and 204 afterwards', async () => {
    const { user_id } = await sessionOf(fleet.database, tokens.refreshToken);
    await signIn(person);
    let winner: HeldTransaction | undefined;
    expectRefusedInTime([await crossed(user_id, (held) => Promise.resolve(void (winner = held)))]);
    await winner?.rollBack();
    expect(await changes(user_id)).toHaveLength(0);
    expect(await openSessions(fleet.database, user_id)).toBe(2);
    await signIn(person); // with the password of before
    expect((await changePassword()).status).toBe(204);
    expect((await fleet.next().post('/auth/login', person)).status).toBe(401);
  });

  const signIn = (who: Person): Promise<Tokens> => logIn(fleet.next(), who);

  it('because of serialization failures does the same again, and answers 200 with one effect', async () => {
    await fleet.cluster.alter(`SET default_transaction_isolation = 'serializable'`);
    const { refreshToken } = await signIn(person);
    const held = await hold(fleet.database);
    await held.run('SELECT FROM sessions FOR UPDATE');
    const asked = times(9, () => refresh(fleet.next(), refreshToken));
    await untilWaiting(fleet.database, 9);
    await held.rollBack();
    const answers = await Promise.all(asked);
    expect(statusesOf(answers)).toEqual([200]); // all but the first have met one
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    expect(await sessionOf(fleet.database, refreshToken)).toMatchObject({ generation: 1, closed_at: null });
    await fleet.cluster.alter('RESET default_transaction_isolation');
  });
});
