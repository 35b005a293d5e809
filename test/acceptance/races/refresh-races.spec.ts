import { hold, untilWaiting } from '../../support/database/held.js';
import { signedIn } from '../../support/people/people.js';
import { type Replicas, startReplicas } from '../../support/service/replicas.js';
import { answered, refresh, sendRefresh, statusesOf, times } from '../../support/sessions/refreshes.js';
import { contentOf, sessionOf } from '../../support/sessions/sessions-seen.js';
import { until } from '../../support/time/until.js';

describe('refreshes with one token at once', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas();
  });
  afterAll(() => replicas.stop());

  const holdRow = async (refreshToken: string) => {
    const held = await hold(replicas.database);
    await held.run('SELECT FROM sessions WHERE id = $1 FOR UPDATE', [contentOf(refreshToken).sessionId]);
    return held;
  };

  /** Of all the tokens given, one lives: the row's. */
  const expectOneSuccessor = async (refreshToken: string, given: unknown[]) => {
    expect(new Set(given).size).toBe(1);
    const row = await sessionOf(replicas.database, refreshToken);
    expect(row).toMatchObject({ generation: 1, closed_at: null });
    expect(contentOf(given[0])).toEqual({ sessionId: row.id, generation: 1, nonce: row.nonce });
  };

  it('gives fifty the same successor', async () => {
    const { refreshToken } = await signedIn(replicas.next());
    const answers = await Promise.all(times(50, () => refresh(replicas.next(), refreshToken)));
    expect(statusesOf(answers)).toEqual([200]);
    await expectOneSuccessor(
      refreshToken,
      answers.map(({ body }) => body.refreshToken),
    );
  });

  it('gives the same successor when all stand before the row at once', async () => {
    const { refreshToken } = await signedIn(replicas.next());
    const held = await holdRow(refreshToken);
    const asked = times(16, () => refresh(replicas.next(), refreshToken));
    await untilWaiting(replicas.database, 16);
    await held.commit();
    const answers = await Promise.all(asked);
    expect(statusesOf(answers)).toEqual([200]);
    await expectOneSuccessor(
      refreshToken,
      answers.map(({ body }) => body.refreshToken),
    );
  });

  it('gives a client that died after sending the same successor when it retries', async () => {
    const { refreshToken } = await signedIn(replicas.next());
    const held = await holdRow(refreshToken);
    const die = await sendRefresh(replicas.services[0]!.url, refreshToken);
    await untilWaiting(replicas.database, 1);
    die();
    await held.commit();
    await until(async () => (await sessionOf(replicas.database, refreshToken)).generation === 1);
    const retries = [await refresh(replicas.all[1]!, refreshToken), await refresh(replicas.all[0]!, refreshToken)];
    expect(statusesOf(retries)).toEqual([200]);
    await expectOneSuccessor(
      refreshToken,
      retries.map(({ body }) => body.refreshToken),
    );
  });

  it('rotates a thousand times in one row, and refuses each earlier token', async () => {
    const { refreshToken, userId } = await signedIn(replicas.next());
    const tokens: unknown[] = [refreshToken];
    for (let i = 0; i < 1_000; i += 1) {
      const answer = await answered(() => refresh(replicas.next(), tokens.at(-1)));
      expect(answer.status).toBe(200);
      tokens.push(answer.body.refreshToken);
    }
    const rows = await replicas.database.query('SELECT generation FROM sessions WHERE user_id = $1', [userId]);
    expect(rows).toEqual([{ generation: 1_000 }]);
    for (const token of tokens.slice(0, -2)) {
      expect((await answered(() => refresh(replicas.next(), token))).status).toBe(401);
      const reopen = `UPDATE sessions SET closed_at = NULL WHERE user_id = $1 AND close_reason = 'refresh_token_reuse'
                      RETURNING id`;
      expect(await replicas.database.query(reopen, [userId])).toHaveLength(1);
    }
    expect((await refresh(replicas.next(), tokens.at(-1))).status).toBe(200);
  });
});
