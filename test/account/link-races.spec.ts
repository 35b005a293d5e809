import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import type { Purpose } from '../../src/one-time-tokens/one-time-token.value.js';
import type { Answer } from '../support/http/client.js';
import { crowd, type Member } from '../support/people/crowd.js';
import { logIn, type Person, stranger } from '../support/people/people.js';
import { type Race, raceAll } from '../support/http/races.js';
import { refresh } from '../support/sessions/refreshes.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import { openSessions } from '../support/sessions/sessions-seen.js';

const RACES = 200;
const NEW = 'a password chosen by mail';

interface Account {
  email: string;
  verified: boolean;
  closed: boolean;
}

describe('Two links of one account, followed at the same moment', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas();
  });
  afterAll(() => replicas.stop());

  const issue = async ({ userId }: Member, purpose: Purpose, address: string): Promise<string> =>
    (await replicas.services[0]!.app.get(OneTimeTokensService, { strict: false }).issue(userId, purpose, address))!;
  const reset = (token: string): Promise<Answer> =>
    replicas.next().post('/auth/reset-password', { token, password: NEW });
  const confirm = (token: string): Promise<Answer> => replicas.next().post('/auth/confirm-email-change', { token });
  const undo = (token: string): Promise<Answer> => replicas.next().post('/auth/undo-email-change', { token });
  const verify = (token: string): Promise<Answer> => replicas.next().post('/auth/verify-email', { token });
  const opens = async (person: Person): Promise<boolean> =>
    (await replicas.next().post('/auth/login', person)).status === 200;
  const accountOf = async ({ userId }: Member): Promise<Account> => {
    const [account] = await replicas.database.query<Account & Record<string, unknown>>(
      'SELECT email, email_verified_at IS NOT NULL AS verified, closed_at IS NOT NULL AS closed FROM users WHERE id = $1',
      [userId],
    );
    return account!;
  };
  /** What dies with a change of the password or of the address. */
  const boundLinks = async ({ userId }: Member): Promise<number> =>
    (
      await replicas.database.query('SELECT FROM one_time_tokens WHERE user_id = $1 AND bound_email IS NOT NULL', [
        userId,
      ])
    ).length;

  /** Signs in, and asks for another address. */
  const askForChange = async (member: Member) => {
    const next = stranger().email;
    const { refreshToken } = await logIn(replicas.next(), member.person);
    return { next, refreshToken, change: await issue(member, 'change_email', next) };
  };

  const raceMembers = async (prepare: (member: Member) => Promise<Race>): Promise<void> => {
    const won = await raceAll(await crowd(replicas.next(), replicas.database, RACES), prepare);
    expect(Math.min(won.first, won.second)).toBeGreaterThan(0); // else nothing raced
  };

  it(`are a reset or a change of the address, in each of ${RACES} races`, async () => {
    await raceMembers(async (member) => {
      const { person } = member;
      const { next, refreshToken, change } = await askForChange(member);
      const link = await issue(member, 'reset_password', person.email);
      return {
        first: () => reset(link),
        second: () => confirm(change),
        judge: async (done, changed) => {
          const wasReset = done.status === 204;
          expect([done.status, changed.status]).toEqual(wasReset ? [204, 400] : [400, 204]);
          const { email } = await accountOf(member);
          expect([email, await boundLinks(member)]).toEqual([wasReset ? person.email : next, 0]);
          expect(await openSessions(replicas.database, member.userId)).toBe(wasReset ? 0 : 1);
          expect((await refresh(replicas.next(), refreshToken)).status).toBe(wasReset ? 401 : 200);
          expect(await opens({ email, password: wasReset ? NEW : person.password })).toBe(true);
          expect(await opens({ email, password: wasReset ? person.password : NEW })).toBe(false);
          return wasReset;
        },
      };
    });
  });

  it(`are a reset or the end of the account, in each of ${RACES} races`, async () => {
    await raceMembers(async (member) => {
      const { person } = member;
      const { accessToken: bearer } = await logIn(replicas.next(), person);
      const link = await issue(member, 'reset_password', person.email);
      return {
        first: () => reset(link),
        second: () => replicas.next().delete('/users/me', { bearer, body: { currentPassword: person.password } }),
        judge: async (done, closed) => {
          const wasReset = done.status === 204;
          if (wasReset) expect([401, 403, 409]).toContain(closed.status);
          else expect([done.status, closed.status]).toEqual([400, 204]);
          expect(await accountOf(member)).toMatchObject({ closed: !wasReset });
          expect([await boundLinks(member), await openSessions(replicas.database, member.userId)]).toEqual([0, 0]);
          expect(await opens(person)).toBe(false);
          expect(await opens({ ...person, password: NEW })).toBe(wasReset);
          return wasReset;
        },
      };
    });
  });

  it(`confirm the address they were sent to, and no other, in each of ${RACES} races`, async () => {
    await raceMembers(async (member) => {
      const next = stranger().email;
      const verification = await issue(member, 'verify_email', member.person.email);
      const change = await issue(member, 'change_email', next);
      return {
        first: () => verify(verification),
        second: () => confirm(change),
        judge: async (verified, changed) => {
          expect([[204, 400].includes(verified.status), changed.status]).toEqual([true, 204]);
          expect(await accountOf(member)).toEqual({ email: next, verified: true, closed: false });
          expect(await boundLinks(member)).toBe(0);
          const again = [await verify(verification), await confirm(change)];
          expect(again.map(({ status }) => status)).toEqual([400, 400]);
          return verified.status === 204;
        },
      };
    });
  });

  it(`leave a confirmed change or one that is undone, in each of ${RACES} races`, async () => {
    await raceMembers(async (member) => {
      const { person } = member;
      const { refreshToken, change } = await askForChange(member);
      const back = await issue(member, 'undo_email_change', person.email);
      return {
        first: () => undo(back),
        second: () => confirm(change),
        judge: async (undone, changed) => {
          const wasUndone = undone.status === 204;
          expect([undone.status, changed.status]).toEqual(wasUndone ? [204, 400] : [400, 204]);
          if (!wasUndone) {
            const { token } = await replicas.mailbox.next({ to: person.email, template: 'email_changed' });
            expect((await undo(token)).status).toBe(204);
          }
          expect((await accountOf(member)).email).toBe(person.email);
          expect(await openSessions(replicas.database, member.userId)).toBe(0);
          expect((await refresh(replicas.next(), refreshToken)).status).toBe(401);
          expect(await opens(person)).toBe(false);
          for (const dead of [change, back]) expect((await confirm(dead)).status).toBe(400);
          return wasUndone;
        },
      };
    });
  });
});
