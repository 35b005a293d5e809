import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/http/client.js';
import { logIn, type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { contentOf } from '../support/sessions/sessions-seen.js';
import { until } from '../support/time/until.js';

const MANY = `
  INSERT INTO sessions (id, user_id, nonce, mac_key_id, expires_at, refreshed_at, closed_at)
  SELECT gen_random_uuid(), $1, sha256(n::text::bytea), 'key', now() + interval '1 day', now() - interval '1 minute', $3
    FROM generate_series(1, $2::integer) n`;

describe('the sessions of one account', () => {
  let service: TestService;
  let client: Client;
  let person: Person;
  let userId: string;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    person = stranger();
    userId = await register(client, person);
  });
  afterAll(() => service.stop());

  const makeMany = (count: number, closedAt: Date | null): Promise<unknown> =>
    service.database.query(MANY, [userId, count, closedAt]);
  const surplusEvents = (): Promise<object[]> =>
    service.database.query(
      `SELECT actor_id, detail FROM audit_events WHERE subject_id = $1 AND type = 'sessions_closed' ORDER BY id`,
      [userId],
    );
  const ids = async (condition = 'true'): Promise<string[]> => {
    const rows = await service.database.query(`SELECT id FROM sessions WHERE user_id = $1 AND ${condition}`, [userId]);
    return rows.map(({ id }) => id as string);
  };

  it('are kept up to a thousand: those that ended go first, then those that were not used for longest', async () => {
    const forgotten = await logIn(client, person);
    await service.database.query(
      `UPDATE sessions SET refreshed_at = now() - interval '10 minutes' WHERE user_id = $1`,
      [userId],
    );
    await makeMany(998, null);
    await makeMany(2, new Date());
    await logIn(client, person);
    expect([(await ids('closed_at IS NULL')).length, (await ids()).length]).toEqual([1_000, 1_000]);
    const newest = await logIn(client, person);
    const left = await ids();
    expect(left).toHaveLength(1_000);
    expect(left).toContain(contentOf(newest.refreshToken).sessionId);
    expect(left).not.toContain(contentOf(forgotten.refreshToken).sessionId);
    expect((await client.post('/auth/refresh', { refreshToken: forgotten.refreshToken })).status).toBe(401);
    await until(async () => (await client.get('/users/me', { bearer: forgotten.accessToken })).status === 401);
    expect(await surplusEvents()).toEqual([{ actor_id: null, detail: { reason: 'surplus', count: 1 } }]);
    expect(
      service.log.filter((line) => /"event":"sessions_closed".*"reason":"surplus","count":1/.test(line)),
    ).toHaveLength(1);
  });

  it('that are still open when they are cleared away are told of in the audit log, once for each login', async () => {
    const before = await surplusEvents();
    await makeMany(30, null);
    await makeMany(10, new Date());
    await logIn(client, person);
    expect((await surplusEvents()).slice(before.length)).toEqual([
      { actor_id: null, detail: { reason: 'surplus', count: 31 } },
    ]);
    await logIn(client, person);
    expect(await surplusEvents()).toHaveLength(before.length + 2);
    await service.database.query('DELETE FROM sessions WHERE user_id = $1 AND closed_at IS NOT NULL', [userId]);
  });

  it('are cleared away a hundred at a time where an older release has let in more', async () => {
    await makeMany(250, new Date());
    const counts: number[] = [];
    for (let i = 0; i < 4; i++) {
      await logIn(client, person);
      counts.push((await ids()).length);
    }
    expect(counts).toEqual([1_151, 1_052, 1_000, 1_000]);
  });
});
