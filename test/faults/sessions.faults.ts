import fc from 'fast-check';
import { admin } from '../admin/support/admins.js';
import { sessionCommands } from '../acceptance/support/session-commands.js';
import { SessionModel } from '../acceptance/support/session-model.js';
import { crowd } from '../support/people/crowd.js';
import { contentOf, sessionOf } from '../support/sessions/sessions-seen.js';
import { CHEAP_HASHES, type Fleet, startFleet } from './support/fleet.js';

const RUNS = 25;

describe('Sessions, whatever happens to them, in whatever order, on any of three replicas', () => {
  let fleet: Fleet;
  let boss: string;

  beforeAll(async () => {
    fleet = await startFleet({ settings: CHEAP_HASHES });
    boss = (await admin(fleet.next(), fleet.database)).accessToken;
  });
  afterAll(() => fleet.stop());

  it('accept a token only if it is the newest of an open session, or its parent within the window', async () => {
    const verdicts = new Set<string>();
    const held = fc.asyncProperty(
      fc.commands(sessionCommands(3), { maxCommands: 60, size: '+1' }),
      async (commands) => {
        const model = new SessionModel();
        const members = await crowd(fleet.next(), fleet.database, 2);
        await fc.asyncModelRun(() => ({ model, real: { replicas: fleet, members, admin: boss } }), commands);
        for (const { tokens, closed } of model.sessions) {
          const { generation, nonce } = contentOf(tokens.at(-1));
          const row = await sessionOf(fleet.database, tokens.at(-1));
          expect([row.generation, row.nonce, row.closed_at !== null]).toEqual([generation, nonce, closed]);
        }
        model.verdicts.forEach((verdict) => verdicts.add(verdict));
      },
    );
    await fc.assert(held, { numRuns: RUNS, interruptAfterTimeLimit: 30_000 });
    expect(verdicts.size).toBeGreaterThan(1);
  });
});
