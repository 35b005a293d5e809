import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Client } from '../support/http/client.js';
import { crowd, type Member } from '../support/people/crowd.js';
import { logIn, type Tokens } from '../support/people/people.js';
import { refresh, statusesOf } from '../support/sessions/refreshes.js';
import { openSessions } from '../support/sessions/sessions-seen.js';
import { CHEAP_HASHES, type Fleet, startFleet } from './support/fleet.js';
import { admin, realEndings } from './support/real-endings.js';

const RACES = 200;
/** Races at the same time: enough to keep three replicas busy, few enough that the two of each really meet. */
const AT_ONCE = 10;
/** By how much the one may set off before the other, at first. */
const SPREAD_MILLIS = 20;

type Ask = (client: Client) => Promise<Answer>;

describe(`${RACES} races against three replicas leave no session of`, () => {
  let fleet: Fleet;
  let admins: Tokens;

  beforeAll(async () => {
    // A password change leaves the session open that it is asked from; the sessions here are others.
    fleet = await startFleet({ settings: CHEAP_HASHES });
    admins = await admin(fleet);
  });
  afterAll(() => fleet.stop());

  /** Both at about the same moment: who loses gets a longer lead the next time, however slow the machine is at the moment. */
  const raceAll = async (
    prepare: (member: Member) => Promise<{ ask: Ask; end: Ask; tokens: unknown[]; left: number }>,
  ) => {
    const members = await crowd(fleet.next(), fleet.database, RACES);
    const answers: Answer[] = [];
    let leadMillis = 0;
    const race = async (member: Member): Promise<void> => {
      const { ask, end, tokens, left } = await prepare(member);
      const lead = leadMillis + (Math.random() - 0.5) * SPREAD_MILLIS;
      const [answer, ended] = await Promise.all([
        pause(Math.max(0, -lead)).then(() => ask(fleet.next())),
        pause(Math.max(0, lead)).then(() => end(fleet.next())),
      ]);
      expect([200, 204]).toContain(ended.status);
      answers.push(answer);
      leadMillis += answer.status === 200 ? -2 : 2;
      const given = answer.status === 200 ? [...tokens, answer.body.refreshToken] : tokens;
      for (const token of given) expect((await refresh(fleet.next(), token)).status).toBe(401);
      expect(await openSessions(fleet.database, member.userId)).toBe(left);
    };
    while (members.length > 0) await Promise.all(members.splice(0, AT_ONCE).map(race));
    expect(statusesOf(answers)).toEqual([200, 401]); // else nothing raced
  };

  it('a refresh with logout', () =>
    raceAll(async ({ person }) => {
      const { refreshToken } = await logIn(fleet.next(), person);
      return {
        ask: (client) => refresh(client, refreshToken),
        end: (client) => client.post('/auth/logout', { refreshToken }),
        tokens: [refreshToken],
        left: 0,
      };
    }));

  /** The session that a password change is asked from is the one that it leaves. */
  const leftBy = (ending: string): number => (ending === 'a password change' ? 1 : 0);

  it.each(['a password change', 'a disable', 'a delete'])('a refresh with %s', (ending) =>
    raceAll(async (member) => {
      const { refreshToken } = await logIn(fleet.next(), member.person);
      const end = await realEndings[ending]!(fleet, member, admins);
      return { ask: (client) => refresh(client, refreshToken), end, tokens: [refreshToken], left: leftBy(ending) };
    }),
  );

  it.each(['a password change', 'a password reset', 'a disable', 'a delete'])(
    'a login, its hash under way, with %s',
    (ending) =>
      raceAll(async (member) => {
        const end = await realEndings[ending]!(fleet, member, admins);
        return { ask: (client) => client.post('/auth/login', member.person), end, tokens: [], left: leftBy(ending) };
      }),
  );
});
