import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../support/client.js';
import { crowd, type Member } from '../support/crowd.js';
import type { TestDatabase } from '../support/database.js';
import { end, type Ending, endings, endUncommitted } from '../support/endings.js';
import { hold, type HeldTransaction, untilWaiting } from '../support/held.js';
import { logIn } from '../support/people.js';
import { refresh, statusesOf } from '../support/refreshes.js';
import { type Replicas, startReplicas } from '../support/replicas.js';
import { openSessions } from '../support/sessions-seen.js';

const RACES = 200;
/** Pairs that race at the same time. */
const AT_ONCE = 5;

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

  beforeAll(async () => {
    replicas = await startReplicas();
    await putGateBeforeInserts(replicas.database);
  });
  afterAll(() => replicas.stop());

  const newMember = async (): Promise<Member> => (await crowd(replicas.next(), replicas.database, 1))[0]!;

  const expectAllOver = async ({ userId }: Member, tokens: unknown[]): Promise<void> => {
    expect(await openSessions(replicas.database, userId)).toBe(0);
    for (const token of tokens) expect((await refresh(replicas.next(), token)).status).toBe(401);
  };

  const tokensOf = (answer: Answer): unknown[] => (answer.status === 200 ? [answer.body.refreshToken] : []);

  /** Both at about the same moment: who loses gets a longer lead the next time, however slow the machine is at the moment. */
  const raceAll = async (ending: Ending, begin: (member: Member) => Promise<() => Promise<Answer>>) => {
    const members = await crowd(replicas.next(), replicas.database, RACES);
    const answers: Answer[] = [];
    let leadMillis = 0;
    const race = async (member: Member): Promise<void> => {
      const [ask, transaction] = [await begin(member), await hold(replicas.database)];
      const lead = leadMillis + (Math.random() - 0.5) * 20;
      const [answer] = await Promise.all([
        pause(Math.max(0, -lead)).then(ask),
        pause(Math.max(0, lead)).then(() => end(transaction, ending, member.userId)),
      ]);
      answers.push(answer);
      leadMillis += answer.status === 200 ? -2 : 2;
      await expectAllOver(member, tokensOf(answer));
    };
    while (members.length > 0) await Promise.all(members.splice(0, AT_ONCE).map(race));
    expect(statusesOf(answers)).toEqual([200, 401]); // else nothing raced
  };

  it.each(endings)(`leaves no session in ${RACES} races of a login with %s`, (ending) =>
    raceAll(
      ending,
      async ({ person }) =>
        () =>
          replicas.next().post('/auth/login', person),
    ),
  );

  it.each(endings)(`leaves no session in ${RACES} races of a refresh with %s`, (ending) =>
    raceAll(ending, async (member) => {
      const { refreshToken } = await logIn(replicas.next(), member.person);
      return () => refresh(replicas.next(), refreshToken);
    }),
  );

  it.each(endings)('refuses a login whose hash was under way when %s came', async (ending) => {
    const member = await newMember();
    const held = await hold(replicas.database);
    await endUncommitted(held, ending, member.userId);
    const asked = replicas.next().post('/auth/login', member.person);
    await untilWaiting(replicas.database, 1);
    await held.commit();
    expect((await asked).status).toBe(401);
    await expectAllOver(member, []);
  });

  it('refuses a login whose hash was under way when somebody disabled the account by hand', async () => {
    const member = await newMember();
    const held = await hold(replicas.database);
    await held.run('UPDATE users SET disabled_at = now() WHERE id = $1', [member.userId]);
    const asked = replicas.next().post('/auth/login', member.person);
    await untilWaiting(replicas.database, 1);
    await held.commit();
    expect((await asked).status).toBe(401);
    await expectAllOver(member, []);
  });

  it.each(endings)('closes the session that a login was just opening when %s came', async (ending) => {
    const member = await newMember();
    const gate = await shutGate(replicas.database);
    const asked = replicas.next().post('/auth/login', member.person);
    await untilWaiting(replicas.database, 1);
    const ended = end(await hold(replicas.database), ending, member.userId);
    await Promise.race([ended, untilWaiting(replicas.database, 2)]); // it waits for the login, as it must, or does not
    await gate.commit();
    const answer = await asked;
    await ended;
    await expectAllOver(member, tokensOf(answer));
    expect(answer.status).toBe(200);
  });

  it.each(endings)('refuses the live token and its parent when %s is about to commit', async (ending) => {
    const member = await newMember();
    const { refreshToken: parent } = await logIn(replicas.next(), member.person);
    const live = (await refresh(replicas.next(), parent)).body.refreshToken;
    const held = await hold(replicas.database);
    await endUncommitted(held, ending, member.userId);
    const asked = [live, parent].map((token) => refresh(replicas.next(), token));
    await untilWaiting(replicas.database, 2);
    await held.commit();
    expect(statusesOf(await Promise.all(asked))).toEqual([401]);
    await expectAllOver(member, [live, parent]);
  });
});
