import fc from 'fast-check';
import type { Client } from '../../support/http/client.js';
import type { Member } from '../../support/people/crowd.js';
import { logIn, type Person } from '../../support/people/people.js';
import type { Replicas } from '../../support/service/replicas.js';
import { refresh } from '../../support/sessions/refreshes.js';
import { contentOf } from '../../support/sessions/sessions-seen.js';
import { until } from '../../support/time/until.js';
import type { ModelSession, SessionModel } from './session-model.js';

/** The service as a command meets it: its replicas, and two people of this run's own. */
interface Real {
  replicas: Pick<Replicas, 'all' | 'database'>;
  members: readonly Member[];
  /** The access token of somebody with the role. */
  admin: string;
}

type Command = fc.AsyncCommand<SessionModel, Real>;

const command = (name: string, run: (model: SessionModel, real: Real) => Promise<void>): Command => ({
  check: () => true,
  run,
  toString: () => name,
});

/** On a session that exists, counted round; without any there is nothing to do. */
const onSession = (
  name: string,
  pick: number,
  run: (session: ModelSession, model: SessionModel, real: Real) => Promise<void>,
): Command => ({
  check: (model) => model.sessions.length > 0,
  run: (model, real) => run(model.sessions[pick % model.sessions.length]!, model, real),
  toString: () => `${name} of session ${pick}`,
});

const client = (real: Real, replica: number): Client => real.replicas.all[replica]!;

/** The access token of a closed session is refused soon, wherever it was closed. */
const refusesAccess = async ({ accessToken }: ModelSession, at: Client): Promise<void> => {
  await until(async () => (await at.get('/users/me', { bearer: accessToken })).status === 401);
};

/** What somebody logs in with after so many changes of the password. */
const person = (model: SessionModel, real: Real, user: number, changes = model.users[user]!.passwords): Person => {
  const first = real.members[user]!.person;
  return changes === 0 ? first : { ...first, password: `${first.password}, ${changes}` };
};

const loggingIn = (user: number, replica: number): Command =>
  command(`log in user ${user} at ${replica}`, async (model, real) => {
    const now = model.now;
    const { disabled, passwords } = model.users[user]!;
    const old = disabled ? passwords : passwords - 1;
    if (old >= 0) {
      expect((await client(real, replica).post('/auth/login', person(model, real, user, old))).status).toBe(401);
    }
    if (disabled) return;
    const { refreshToken, accessToken } = await logIn(client(real, replica), person(model, real, user));
    model.sessions.push({ user, tokens: [refreshToken], accessToken, closed: false, openedAt: now, refreshedAt: now });
  });

/** @param back 0 for the newest token, 1 for its parent, and so on, counted round */
const refreshing = (pick: number, back: number, replica: number): Command =>
  onSession(`refresh at ${replica}, ${back} back,`, pick, async (session, model, real) => {
    const at = session.tokens.length - 1 - (back % session.tokens.length);
    const verdict = model.judge(session, at);
    const { status, body } = await refresh(client(real, replica), session.tokens[at]);
    expect([verdict, status]).toEqual([verdict, verdict.startsWith('refused') ? 401 : 200]);
    if (verdict === 'same successor') expect(body.refreshToken).toBe(session.tokens.at(-1));
    if (verdict === 'refused and closed') model.close(session);
    if (verdict !== 'successor') return;
    expect(session.tokens).not.toContain(body.refreshToken);
    session.tokens.push(body.refreshToken as string);
    session.refreshedAt = model.now;
  });

const loggingOut = (pick: number, back: number, replica: number): Command =>
  onSession(`log out at ${replica}, ${back} back,`, pick, async (session, model, real) => {
    const refreshToken = session.tokens.at(-1 - (back % session.tokens.length));
    expect((await client(real, replica).post('/auth/logout', { refreshToken })).status).toBe(204);
    model.close(session);
  });

const closing = (pick: number, keep: boolean, replica: number): Command =>
  onSession(
    `close all${keep ? ' others' : ''} at ${replica} with the access token`,
    pick,
    async (session, model, real) => {
      if (session.closed) return refusesAccess(session, client(real, replica));
      const path = keep ? '/sessions?keep=current' : '/sessions';
      expect((await client(real, replica).delete(path, { bearer: session.accessToken })).status).toBe(204);
      model.closeAll(session.user, keep ? session : undefined);
    },
  );

const closingOne = (pick: number, replica: number): Command =>
  onSession(`close at ${replica}, by its id,`, pick, async (session, model, real) => {
    if (session.closed) return refusesAccess(session, client(real, replica));
    const path = `/sessions/${contentOf(session.tokens[0]).sessionId}`;
    expect((await client(real, replica).delete(path, { bearer: session.accessToken })).status).toBe(204);
    model.close(session);
  });

const changingPassword = (pick: number, replica: number): Command =>
  onSession(`change the password at ${replica} from within`, pick, async (session, model, real) => {
    if (session.closed) return refusesAccess(session, client(real, replica));
    const user = model.users[session.user]!;
    const body = {
      currentPassword: person(model, real, session.user).password,
      newPassword: person(model, real, session.user, user.passwords + 1).password,
    };
    const answer = await client(real, replica).post('/users/me/password', body, { bearer: session.accessToken });
    expect(answer.status).toBe(204);
    user.passwords += 1;
    model.closeAll(session.user, session);
  });

const waiting = (seconds: number): Command =>
  command(`wait ${seconds} s`, async (model, real) => {
    await real.replicas.database.query(
      `UPDATE sessions SET created_at = created_at - s, refreshed_at = refreshed_at - s, expires_at = expires_at - s
         FROM make_interval(secs => $2) AS s WHERE user_id = ANY ($1)`,
      [real.members.map(({ userId }) => userId), seconds],
    );
    model.now += seconds;
  });

const setting = (user: number, disabled: boolean, replica: number): Command =>
  command(`${disabled ? 'disable' : 'enable'} user ${user} at ${replica}`, async (model, real) => {
    const path = `/admin/users/${real.members[user]!.userId}`;
    const { status } = await client(real, replica).patch(path, { disabled }, { bearer: real.admin });
    expect(status).toBe(200);
    if (disabled && !model.users[user]!.disabled) model.closeAll(user);
    model.users[user]!.disabled = disabled;
  });

const [user, session] = [fc.nat(1), fc.nat(7)];
/** Mostly the newest token and its parent: there the rules differ. */
const back = fc.oneof({ weight: 4, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(20) });
/** No sum of these lies so near a limit that the time the run itself takes could decide. */
const seconds = fc.constantFrom(4, 4, 4, 12, 6 * 86_400, 6 * 86_400, 8 * 86_400);
const times = (count: number, arbitrary: fc.Arbitrary<Command>) => Array<fc.Arbitrary<Command>>(count).fill(arbitrary);

/** Everything that may happen, on any of so many replicas, refreshes the most often. */
export const sessionCommands = (replicas: number): fc.Arbitrary<Command>[] => {
  const replica = fc.nat(replicas - 1);
  return [
    ...times(
      3,
      fc.tuple(user, replica).map((values) => loggingIn(...values)),
    ),
    ...times(
      10,
      fc.tuple(session, back, replica).map((values) => refreshing(...values)),
    ),
    ...times(3, seconds.map(waiting)),
    fc.tuple(session, back, replica).map((values) => loggingOut(...values)),
    fc.tuple(session, fc.boolean(), replica).map((values) => closing(...values)),
    fc.tuple(session, replica).map((values) => closingOne(...values)),
    fc.tuple(session, replica).map((values) => changingPassword(...values)),
    fc.tuple(user, fc.constant(true), replica).map((values) => setting(...values)),
    fc.tuple(user, fc.constant(false), replica).map((values) => setting(...values)),
  ];
};
