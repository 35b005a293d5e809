import { stranger, signedIn } from '../support/people/people.js';
import { refresh, sendRefresh, statusesOf, times } from '../support/sessions/refreshes.js';
import { hold, untilWaiting } from '../support/database/held.js';
import { contentOf, letPass, sessionOf } from '../support/sessions/sessions-seen.js';
import { until } from '../support/time/until.js';
import { CHEAP_HASHES, type Fleet, startFleet } from './support/fleet.js';

const ROTATIONS = 1_000;

describe('Races against three replicas', () => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await startFleet({ settings: CHEAP_HASHES });
  });
  afterAll(() => fleet.stop());

  const successors = (answers: { body: Record<string, unknown> }[]): Set<unknown> =>
    new Set(answers.map(({ body }) => body.refreshToken));

  it('100 parallel registrations of one address in several spellings make one account', async () => {
    const spellings = ['Ada@Bücher.Example', ' ada@xn--bcher-kva.example', 'ADA@BÜCHER.EXAMPLE ', 'ada@bücher.example'];
    const answers = await Promise.all(
      times(100, (i) => fleet.next().post('/auth/register', { ...stranger(), email: spellings[i % spellings.length] })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(statusesOf(answers).filter((status) => ![201, 409, 429, 503].includes(status))).toEqual([]);
    expect(await fleet.database.query('SELECT email FROM users')).toEqual([{ email: 'ada@xn--bcher-kva.example' }]);
    expect(await fleet.database.query('SELECT FROM credentials')).toHaveLength(1);
  });

  it('50 parallel refreshes with one token all get the same successor, of one live generation', async () => {
    const { refreshToken } = await signedIn(fleet.next());
    const answers = await Promise.all(times(50, () => refresh(fleet.next(), refreshToken)));
    expect(statusesOf(answers)).toEqual([200]);
    expect(successors(answers).size).toBe(1);
    const row = await sessionOf(fleet.database, refreshToken);
    expect(row).toMatchObject({ generation: 1, closed_at: null });
    expect(contentOf(answers[0]!.body.refreshToken)).toEqual({ sessionId: row.id, generation: 1, nonce: row.nonce });
  });

  it.each([
    ['an old token after the window', 1, '11 seconds'],
    ['a grand-parent inside the window', 2, '0 seconds'],
  ])(
    '%s is answered 401 everywhere, the session closed with one event, and the newest token 401 too',
    async (_what, back, later) => {
      const tokens: string[] = [(await signedIn(fleet.next())).refreshToken];
      for (let i = 0; i < back; i += 1)
        tokens.push((await refresh(fleet.next(), tokens[i])).body.refreshToken as string);
      await letPass(fleet.database, tokens[0], later);
      const answers = await Promise.all(times(30, () => refresh(fleet.next(), tokens[0])));
      expect(statusesOf(answers)).toEqual([401]);
      for (const client of fleet.all) expect((await refresh(client, tokens.at(-1))).status).toBe(401);
      const { id, close_reason } = await sessionOf(fleet.database, tokens[0]);
      expect(close_reason).toBe('refresh_token_reuse');
      const events = `SELECT FROM audit_events WHERE type = 'refresh_token_reuse' AND session_id = $1`;
      expect(await fleet.database.query(events, [id])).toHaveLength(1);
    },
  );

  it('a client that dies after sending, and one that retries inside the window elsewhere, get the same successor', async () => {
    const { refreshToken } = await signedIn(fleet.next());
    const held = await hold(fleet.database);
    await held.run('SELECT FROM sessions WHERE id = $1 FOR UPDATE', [contentOf(refreshToken).sessionId]);
    const die = await sendRefresh(fleet.replicas[0]!.url, refreshToken);
    await untilWaiting(fleet.database, 1);
    die();
    await held.commit();
    await until(async () => (await sessionOf(fleet.database, refreshToken)).generation === 1);
    const retries = await Promise.all(fleet.all.map((client) => refresh(client, refreshToken)));
    expect(statusesOf(retries)).toEqual([200]);
    expect(successors(retries).size).toBe(1);
    const { nonce } = await sessionOf(fleet.database, refreshToken);
    expect(contentOf(retries[0]!.body.refreshToken)).toMatchObject({ generation: 1, nonce });
  });

  it(`${ROTATIONS} rotations in a chain are each 200, in one row, and each earlier token is refused`, async () => {
    const { refreshToken, userId } = await signedIn(fleet.next());
    const tokens: unknown[] = [refreshToken];
    for (let i = 0; i < ROTATIONS; i += 1) {
      const answer = await refresh(fleet.next(), tokens.at(-1));
      expect(answer.status).toBe(200);
      tokens.push(answer.body.refreshToken);
    }
    expect(new Set(tokens).size).toBe(ROTATIONS + 1);
    const rows = await fleet.database.query('SELECT generation FROM sessions WHERE user_id = $1', [userId]);
    expect(rows).toEqual([{ generation: ROTATIONS }]);
    // An old token closes the session; here every tenth is tried, each on the session as it was.
    for (const token of tokens.slice(0, -2).filter((_, i) => i % 10 === 0)) {
      expect((await refresh(fleet.next(), token)).status).toBe(401);
      const reopen = `UPDATE sessions SET closed_at = NULL WHERE user_id = $1 AND close_reason = 'refresh_token_reuse'`;
      await fleet.database.query(reopen, [userId]);
    }
    expect((await refresh(fleet.next(), tokens.at(-1))).status).toBe(200);
  }, 120_000);
});

describe('Races against three replicas with REFRESH_REUSE_SECONDS=0', () => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await startFleet({ settings: { ...CHEAP_HASHES, REFRESH_REUSE_SECONDS: '0' } });
  });
  afterAll(() => fleet.stop());

  it('50 parallel refreshes with one token get exactly one 200, and the session is closed', async () => {
    const { refreshToken } = await signedIn(fleet.next());
    const answers = await Promise.all(times(50, () => refresh(fleet.next(), refreshToken)));
    const through = answers.filter(({ status }) => status === 200);
    expect([through.length, ...statusesOf(answers)]).toEqual([1, 200, 401]);
    for (const client of fleet.all) expect((await refresh(client, through[0]!.body.refreshToken)).status).toBe(401);
    expect(await sessionOf(fleet.database, refreshToken)).toMatchObject({ close_reason: 'refresh_token_reuse' });
  });
});
