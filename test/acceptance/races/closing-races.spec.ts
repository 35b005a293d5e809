import { setTimeout as pause } from 'node:timers/promises';
import { hold, untilWaiting } from '../../support/database/held.js';
import type { Answer, Client } from '../../support/http/client.js';
import { crowd, type Member } from '../../support/people/crowd.js';
import { logIn, type Tokens } from '../../support/people/people.js';
import { type Replicas, startReplicas } from '../../support/service/replicas.js';
import { refresh } from '../../support/sessions/refreshes.js';
import { contentOf, openSessions } from '../../support/sessions/sessions-seen.js';

const RACES = 200;
/** Pairs that race at the same time. */
const AT_ONCE = 5;

const closings: Record<string, (client: Client, tokens: Tokens) => Promise<Answer>> = {
  'POST /auth/logout': (client, { refreshToken }) => client.post('/auth/logout', { refreshToken }),
  'DELETE /sessions': (client, { accessToken }) => client.delete('/sessions', { bearer: accessToken }),
  'DELETE /sessions/:id': (client, { accessToken, refreshToken }) =>
    client.delete(`/sessions/${contentOf(refreshToken).sessionId}`, { bearer: accessToken }),
};

describe('a refresh against whoever closes the session', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas();
  });
  afterAll(() => replicas.stop());

  const race = async (
    { person, userId }: Member,
    close: (client: Client, tokens: Tokens) => Promise<Answer>,
  ): Promise<number> => {
    const tokens = await logIn(replicas.next(), person);
    const lead = (Math.random() - 0.5) * 6;
    const [refreshed, closed] = await Promise.all([
      pause(Math.max(0, lead)).then(() => refresh(replicas.all[0]!, tokens.refreshToken)),
      pause(Math.max(0, -lead)).then(() => close(replicas.all[1]!, tokens)),
    ]);
    expect(closed.status).toBe(204);
    const given = [tokens.refreshToken, refreshed.body.refreshToken ?? tokens.refreshToken];
    for (const token of given) expect((await refresh(replicas.next(), token)).status).toBe(401);
    expect(await openSessions(replicas.database, userId)).toBe(0);
    return refreshed.status;
  };

  it.each(Object.entries(closings))(`leaves no live token in ${RACES} races with %s`, async (_, close) => {
    const members = await crowd(replicas.next(), replicas.database, RACES);
    const statuses: number[] = [];
    while (members.length > 0) {
      statuses.push(...(await Promise.all(members.splice(0, AT_ONCE).map((member) => race(member, close)))));
    }
    expect(statuses.filter((status) => status !== 200 && status !== 401)).toEqual([]);
  });

  it.each(Object.entries(closings))(
    'leaves no live token when %s stands before the row behind a refresh',
    async (_, close) => {
      const [member] = await crowd(replicas.next(), replicas.database, 1);
      const tokens = await logIn(replicas.next(), member!.person);
      const held = await hold(replicas.database);
      await held.run('SELECT FROM sessions WHERE user_id = $1 FOR UPDATE', [member!.userId]);
      const refreshing = refresh(replicas.all[0]!, tokens.refreshToken);
      await untilWaiting(replicas.database, 1);
      const closing = close(replicas.all[1]!, tokens);
      await untilWaiting(replicas.database, 2);
      await held.commit();
      const [refreshed, closed] = await Promise.all([refreshing, closing]);
      expect(closed.status).toBe(204);
      const given = [tokens.refreshToken, refreshed.body.refreshToken ?? tokens.refreshToken];
      for (const token of given) expect((await refresh(replicas.next(), token)).status).toBe(401);
      expect(await openSessions(replicas.database, member!.userId)).toBe(0);
    },
  );
});
