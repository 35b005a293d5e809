import { OneTimeTokensService } from '../../../src/one-time-tokens/one-time-tokens.service.js';
import { admin } from '../../admin/support/admins.js';
import type { TestDatabase } from '../../support/database/database.js';
import { hold, type HeldTransaction, untilWaiting } from '../../support/database/held.js';
import type { Answer } from '../../support/http/client.js';
import { raceAll } from '../../support/http/races.js';
import { crowd, type Member } from '../../support/people/crowd.js';
import { logIn, type Tokens } from '../../support/people/people.js';
import { type Replicas, startReplicas } from '../../support/service/replicas.js';
import { refresh, statusesOf } from '../../support/sessions/refreshes.js';
import { openSessions } from '../../support/sessions/sessions-seen.js';
import { type Ending, endings } from '../support/endings.js';

const RACES = 200;
const names = Object.keys(endings);

/** A login can be held in the middle of its insert: it has found its user, and has not written its session. */
async function putGateBeforeInserts(database: TestDatabase): Promise<void> {
  await database.query(`CREATE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN new; END'`);
  await database.query('CREATE TRIGGER gate BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION pass_gate()');
}

async function shutGate(database: TestDatabase): Promise<HeldTransaction> {
  const held = await hold(database);
  await held.run('SELECT pg_advisory_xact_lock(1)');
  return held;
}

describe('no session survives its reason', () => {
  let replicas: Replicas;
  let boss: Tokens;

  beforeAll(async () => {
    replicas = await startReplicas();
    await putGateBeforeInserts(replicas.database);
    boss = await admin(replicas.next(), replicas.database);
  });
  afterAll(() => replicas.stop());

  const newMember = async (): Promise<Member> => (await crowd(replicas.next(), replicas.database, 1))[0]!;

  const expectAllOver = async ({ userId }: Member, tokens: unknown[], left = 0): Promise<void> => {
    expect(await openSessions(replicas.database, userId)).toBe(left);
    for (const token of tokens) expect((await refresh(replicas.next(), token)).status).toBe(401);
  };

  const tokensOf = (answer: Answer): unknown[] => (answer.status === 200 ? [answer.body.refreshToken] : []);
  const login = ({ person }: Member): Promise<Answer> => replicas.next().post('/auth/login', person);
  const preparedEnding = (ending: string, member: Member): Promise<Ending> =>
    endings[ending]!({ replicas, admin: boss.accessToken }, member);

  const raceWith = async (ending: string, begin: (member: Member) => Promise<() => Promise<Answer>>): Promise<void> => {
    const won = await raceAll(await crowd(replicas.next(), replicas.database, RACES), async (member) => {
      const { end, left } = await preparedEnding(ending, member);
      return {
        first: await begin(member),
        second: end,
        judge: async (answer, ended) => {
          expect([[200, 401].includes(answer.status), ended.status]).toEqual([true, 204]);
          await expectAllOver(member, tokensOf(answer), left);
          return answer.status === 200;
        },
      };
    });
    expect(Math.min(won.first, won.second)).toBeGreaterThan(0); // else nothing raced
  };

  /** It has changed everything, and waits with its commit. */
  const aboutToCommit = async (member: Member, { end }: Ending): Promise<() => Promise<void>> => {
    const tokens = replicas.services[0]!.app.get(OneTimeTokensService, { strict: false });
    await tokens.issue(member.userId, 'reset_password', member.person.email);
    const held = await hold(replicas.database);
    await held.run('SELECT FROM one_time_tokens WHERE user_id = $1 FOR UPDATE', [member.userId]);
    const ending = end();
    await untilWaiting(replicas.database, 1);
    return async () => {
      await held.commit();
      expect((await ending).status).toBe(204);
    };
  };

  it.each(names)(`leaves no session in ${RACES} races of a login with %s`, (ending) =>
    raceWith(ending, (member) => Promise.resolve(() => login(member))),
  );

  it.each(names)(`leaves no session in ${RACES} races of a refresh with %s`, (ending) =>
    raceWith(ending, async ({ person }) => {
      const { refreshToken } = await logIn(replicas.next(), person);
      return () => refresh(replicas.next(), refreshToken);
    }),
  );

  it.each(names)('refuses a login whose hash was under way when %s came', async (name) => {
    const member = await newMember();
    const ending = await preparedEnding(name, member);
    const commit = await aboutToCommit(member, ending);
    const asked = login(member);
    await untilWaiting(replicas.database, 2);
    await commit();
    expect((await asked).status).toBe(401);
    await expectAllOver(member, [], ending.left);
  });

  it('refuses a login whose hash was under way when somebody disabled the account by hand', async () => {
    const member = await newMember();
    const held = await hold(replicas.database);
    await held.run('UPDATE users SET disabled_at = now() WHERE id = $1', [member.userId]);
    const asked = login(member);
    await untilWaiting(replicas.database, 1);
    await held.commit();
    expect((await asked).status).toBe(401);
    await expectAllOver(member, []);
  });

  it.each(names)('closes the session that a login was just opening when %s came', async (name) => {
    const member = await newMember();
    const { end, left } = await preparedEnding(name, member);
    const gate = await shutGate(replicas.database);
    const asked = login(member);
    await untilWaiting(replicas.database, 1);
    const ended = end();
    await untilWaiting(replicas.database, 2); // it waits for the login, as it must
    await gate.commit();
    const answer = await asked;
    expect([answer.status, (await ended).status]).toEqual([200, 204]);
    await expectAllOver(member, tokensOf(answer), left);
  });

  it.each(names)('refuses the live token and its parent when %s is about to commit', async (name) => {
    const member = await newMember();
    const { refreshToken: parent } = await logIn(replicas.next(), member.person);
    const live = (await refresh(replicas.next(), parent)).body.refreshToken;
    const ending = await preparedEnding(name, member);
    const commit = await aboutToCommit(member, ending);
    const asked = [live, parent].map((token) => refresh(replicas.next(), token));
    await untilWaiting(replicas.database, 3);
    await commit();
    expect(statusesOf(await Promise.all(asked))).toEqual([401]);
    await expectAllOver(member, [live, parent], ending.left);
  });
});
