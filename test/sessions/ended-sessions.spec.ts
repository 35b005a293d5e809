import { Database } from '../../src/platform/database/database.service.js';
import { EndedSessions } from '../../src/sessions/ended-sessions.service.js';
import { hold } from '../support/database/held.js';
import { logIn, signedIn, stranger } from '../support/people/people.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import { contentOf, letPass } from '../support/sessions/sessions-seen.js';

describe('Ended sessions', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas();
  });
  afterAll(() => replicas.stop());

  const clear = () =>
    Promise.all(replicas.services.map(({ app }) => app.get(EndedSessions, { strict: false }).clear()));
  const count = async (what: string, userId: string): Promise<number> =>
    (await replicas.database.query(`SELECT FROM ${what} = $1`, [userId])).length;
  const kept = (userId: string) => count('sessions WHERE user_id', userId);
  /** Somebody whose session was closed or not, and all that so long ago. */
  const someone = async (how: 'open' | 'closed', ago: string) => {
    const client = replicas.next();
    const tokens = await signedIn(client);
    if (how === 'closed') await client.post('/auth/logout', { refreshToken: tokens.refreshToken });
    await letPass(replicas.database, tokens.refreshToken, ago);
    await replicas.database.query(
      `UPDATE sessions SET closed_at = closed_at - $2::interval WHERE id = $1 AND closed_at IS NOT NULL`,
      [contentOf(tokens.refreshToken).sessionId, ago],
    );
    return tokens;
  };

  it.each([
    ['open', '0 seconds', 1],
    ['open', '59 days', 1],
    ['open', '61 days', 0],
    ['closed', '0 seconds', 1],
    ['closed', '29 days', 1],
    ['closed', '31 days', 0],
  ] as const)('of one that is %s and %s old leave %d rows', async (how, ago, rows) => {
    const { userId } = await someone(how, ago);
    await clear();
    expect(await kept(userId)).toBe(rows);
  });

  it('leave the audit log and the feed of revocations as they are, and their tokens refused', async () => {
    const feed = async () => (await replicas.database.query('SELECT FROM revocations')).length;
    const tokens = await Promise.all([someone('open', '61 days'), someone('closed', '61 days')]);
    const before = await feed();
    const told = await Promise.all(tokens.map(({ userId }) => count('audit_events WHERE subject_id', userId)));
    await clear();
    for (const [i, { userId, refreshToken }] of tokens.entries()) {
      expect(await kept(userId)).toBe(0);
      expect((await replicas.next().post('/auth/refresh', { refreshToken })).status).toBe(401);
      expect(await count('audit_events WHERE subject_id', userId)).toBe(told[i]);
    }
    expect(await feed()).toBe(before);
  });

  it('go in batches, while one that is held waits for another time', async () => {
    const person = stranger();
    const { userId, refreshToken } = await signedIn(replicas.next(), person);
    await logIn(replicas.next(), person);
    await replicas.database.query(
      `INSERT INTO sessions (id, user_id, nonce, mac_key_id, expires_at)
       SELECT gen_random_uuid(), $1, '\\x00', 'x', now() - interval '31 days' FROM generate_series(1, 1200)`,
      [userId],
    );
    await letPass(replicas.database, refreshToken, '61 days');
    const held = await hold(replicas.database);
    await held.run('SELECT FROM sessions WHERE id = $1 FOR UPDATE', [contentOf(refreshToken).sessionId]);
    await clear();
    expect(await kept(userId)).toBe(2);
    await held.rollBack();
    await clear();
    expect(await kept(userId)).toBe(1);
  });

  it('are found by an index among many that go on', async () => {
    const { userId } = await signedIn(replicas.next());
    const database = replicas.services[0]!.app.get(Database, { strict: false });
    await replicas.database.query(
      `INSERT INTO sessions (id, user_id, nonce, mac_key_id, expires_at)
       SELECT gen_random_uuid(), $1, '\\x00', 'x', now() + i * interval '1 minute' FROM generate_series(1, 20000) i`,
      [userId],
    );
    await replicas.database.query('ANALYZE sessions');
    const text = `SELECT id FROM sessions WHERE coalesce(closed_at, expires_at) < now() - interval '30 days'
                   ORDER BY coalesce(closed_at, expires_at) LIMIT 500`;
    const plan = await database.query<{ 'QUERY PLAN': string }>({ name: 'explained', text: `EXPLAIN ${text}` }, []);
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('sessions_ended_idx');
  });
});
