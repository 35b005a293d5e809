import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { hold, untilWaiting } from '../support/database/held.js';
import type { Answer } from '../support/http/client.js';
import { raceAll } from '../support/http/races.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { crowd, type Member } from '../support/people/crowd.js';
import { logIn } from '../support/people/people.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import { refresh, times } from '../support/sessions/refreshes.js';
import { openSessions } from '../support/sessions/sessions-seen.js';

const RACES = 200;
const NEW = 'a password chosen by mail';

describe('A reset', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas();
  });
  afterAll(() => replicas.stop());

  const newMember = async (): Promise<Member> => (await crowd(replicas.next(), replicas.database, 1))[0]!;
  const linkFor = async ({ userId, person }: Member): Promise<string> =>
    (await replicas.services[0]!.app.get(OneTimeTokensService, { strict: false }).issue(
      userId,
      'reset_password',
      person.email,
    ))!;
  const reset = (token: string, password = NEW): Promise<Answer> =>
    replicas.next().post('/auth/reset-password', { token, password });
  const login = ({ person }: Member): Promise<Answer> => replicas.next().post('/auth/login', person);

  /** Nothing is left of the time before. */
  const expectOver = async ({ userId }: Member, before: Answer): Promise<void> => {
    expect(await openSessions(replicas.database, userId)).toBe(0);
    if (before.status === 200) expect((await refresh(replicas.next(), before.body.refreshToken)).status).toBe(401);
  };

  const raceMembers = async (begin: (member: Member) => Promise<() => Promise<Answer>>): Promise<void> => {
    const won = await raceAll(await crowd(replicas.next(), replicas.database, RACES), async (member) => {
      const [first, token] = [await begin(member), await linkFor(member)];
      return {
        first,
        second: () => reset(token),
        judge: async (answer, done) => {
          expect([[200, 401].includes(answer.status), done.status]).toEqual([true, 204]);
          await expectOver(member, answer);
          return answer.status === 200;
        },
      };
    });
    expect(Math.min(won.first, won.second)).toBeGreaterThan(0); // else nothing raced
  };

  it(`leaves no session in ${RACES} races with a login`, () => raceMembers(async (member) => () => login(member)));

  it(`leaves no session in ${RACES} races with a refresh`, () =>
    raceMembers(async ({ person }) => {
      const { refreshToken } = await logIn(replicas.next(), person);
      return () => refresh(replicas.next(), refreshToken);
    }));

  it('refuses the old password of a login that waits for it', async () => {
    const member = await newMember();
    const token = await linkFor(member);
    const held = await hold(replicas.database); // the reset has raised the epoch, and waits for the password's row
    await held.run('SELECT FROM credentials WHERE user_id = $1 FOR UPDATE', [member.userId]);
    const resetting = reset(token);
    await untilWaiting(replicas.database, 1);
    const asked = login(member);
    await untilWaiting(replicas.database, 2);
    await held.commit();
    expect([(await resetting).status, (await asked).status]).toEqual([204, 401]);
    await expectOver(member, await asked);
  });

  it('closes the session of a login that it waits for', async () => {
    const member = await newMember();
    const token = await linkFor(member);
    const held = await hold(replicas.database); // as a login that has read its user, and is about to write its session
    await held.run('SELECT FROM users WHERE id = $1 FOR SHARE', [member.userId]);
    const resetting = reset(token);
    await untilWaiting(replicas.database, 1);
    const asked = await login(member); // does not wait for the reset, which has not begun to change anything
    await held.commit();
    expect([(await resetting).status, asked.status]).toEqual([204, 200]);
    await expectOver(member, asked);
  });

  it('of two links that were made at the same time happens once', async () => {
    const member = await newMember();
    const { email } = member.person;
    await Promise.all(times(5, () => replicas.next().post('/auth/forgot-password', { email })));
    await untilNothingIsQueued(replicas.database);
    // A mail whose link another one had replaced before it was sent has not been.
    const tokens = replicas.mailbox.waiting({ to: email, template: 'reset_password' }).map(({ token }) => token);
    const answers = await Promise.all(tokens.map((token, i) => reset(token, `${NEW} ${i}`)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 204 && status !== 400)).toEqual([]);
  });

  it('is refused when a newer link was asked for while its password was hashed', async () => {
    const member = await newMember();
    const older = await linkFor(member);
    const held = await hold(replicas.database);
    await held.run('SELECT FROM users WHERE id = $1 FOR UPDATE', [member.userId]);
    const making = linkFor(member);
    await untilWaiting(replicas.database, 1);
    const resetting = reset(older); // finds its link still good, and comes second
    await untilWaiting(replicas.database, 2);
    await held.commit();
    expect((await resetting).body.code).toBe('invalid_one_time_token');
    expect((await reset(await making)).status).toBe(204);
  });

  it('and a change of the password by somebody else: the first one wins', async () => {
    const member = await newMember();
    const token = await linkFor(member);
    const held = await hold(replicas.database);
    await held.run('UPDATE users SET session_epoch = session_epoch + 1 WHERE id = $1', [member.userId]);
    const resetting = reset(token);
    await untilWaiting(replicas.database, 1);
    await held.commit();
    expect((await resetting).body.code).toBe('invalid_one_time_token');
    expect((await login(member)).status).toBe(200);
  });
});
