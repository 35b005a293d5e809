import fc from 'fast-check';
import { admin } from '../admin/support/admins.js';
import { crowd } from '../support/people/crowd.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import { contentOf, sessionOf } from '../support/sessions/sessions-seen.js';
import { sessionCommands } from './support/session-commands.js';
import { SessionModel } from './support/session-model.js';

describe('sessions, whatever happens to them, in whatever order, on either of two replicas', () => {
  let replicas: Replicas;
  let boss: string;

  beforeAll(async () => {
    replicas = await startReplicas();
    boss = (await admin(replicas.next(), replicas.database)).accessToken;
  });
  afterAll(() => replicas.stop());

  /** Each session is one row, of the generation and in the state that the model has. */
  const expectRows = async (model: SessionModel): Promise<void> => {
    for (const { tokens, closed } of model.sessions) {
      const { generation, nonce } = contentOf(tokens.at(-1));
      const row = await sessionOf(replicas.database, tokens.at(-1));
      expect([row.generation, row.nonce, row.closed_at !== null]).toEqual([generation, nonce, closed]);
    }
  };

  /** A failure prints the seed, and the shortest way there that was found in time. @returns which answers were seen */
  const follow = async (run: { seed?: number; numRuns: number }): Promise<Set<string>> => {
    const verdicts = new Set<string>();
    const held = fc.asyncProperty(
      fc.commands(sessionCommands(2), { maxCommands: 60, size: '+1' }),
      async (commands) => {
        const model = new SessionModel();
        const members = await crowd(replicas.next(), replicas.database, 2);
        await fc.asyncModelRun(() => ({ model, real: { replicas, members, admin: boss } }), commands);
        await expectRows(model);
        model.verdicts.forEach((verdict) => verdicts.add(verdict));
      },
    );
    await fc.assert(held, { ...run, interruptAfterTimeLimit: 200_000 });
    return verdicts;
  };

  it('accepts a token only if it is the newest of an open session, or its parent within the window', async () => {
    const verdicts = await follow({ seed: 6819, numRuns: 60 });
    expect([...verdicts].sort()).toEqual(['refused', 'refused and closed', 'same successor', 'successor']);
  });

  it('holds to that in runs that are new each time', async () => {
    expect((await follow({ numRuns: 15 })).size).toBeGreaterThan(1);
  });
});
