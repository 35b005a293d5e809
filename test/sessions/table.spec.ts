import { randomBytes } from 'node:crypto';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { Client } from '../support/http/client.js';
import { register, stranger } from '../support/people/people.js';
import { startService } from '../support/service/service.js';
import { until } from '../support/time/until.js';

/** All that a rotation, alone or among others, sets. */
const ROTATED = ['generation', 'previous_nonce', 'nonce', 'mac_key_id', 'refreshed_at'];

describe('The table of sessions', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  it('has no index on a column that a rotation changes, not in an expression or a condition either', async () => {
    // What an index is made of is what it depends on; an index of a constraint depends on that instead, and has only keys.
    const columns = await database.query<{ index: string; column: string }>(`
      SELECT i.indexrelid::regclass::text AS index, a.attname AS column
        FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum > 0
       WHERE i.indrelid = 'sessions'::regclass
         AND (a.attnum = ANY (i.indkey)
              OR EXISTS (SELECT FROM pg_depend d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                            AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum))
       ORDER BY 1, 2`);
    expect(columns).toEqual([
      { index: 'sessions_ended_idx', column: 'closed_at' },
      { index: 'sessions_ended_idx', column: 'expires_at' },
      { index: 'sessions_pkey', column: 'id' },
      { index: 'sessions_user_id_idx', column: 'user_id' },
    ]);
    expect(columns.filter(({ column }) => ROTATED.includes(column))).toEqual([]);
  });

  it('leaves room on each page for the next version of a row', async () => {
    const [table] = await database.query(`SELECT reloptions FROM pg_class WHERE oid = 'sessions'::regclass`);
    expect(table).toEqual({ reloptions: ['fillfactor=70'] });
  });

  // So few that their versions fit on the page: others may keep the database from clearing old ones away.
  it('is changed by twenty rotations without touching an index', async () => {
    const service = await startService({ database });
    const person = stranger();
    const user = {
      id: await register(new Client(service.url), person),
      role: 'user',
      sessionEpoch: 0,
      emailVerified: false,
    };
    const sessions = service.app.get(SessionsService, { strict: false });
    const open = () =>
      sessions.open(
        { ...user, email: person.email },
        { ip: null, userAgent: null },
        { id: randomBytes(16), isNew: true },
      );
    const row = async () => {
      const [first] = await database.query<Record<string, unknown>>(
        'SELECT to_jsonb(s) AS row FROM sessions s ORDER BY id',
      );
      return first!.row as Record<string, unknown>;
    };
    let tokens = (await Promise.all([open(), open()])).map((pair) => pair!.refreshToken);
    const before = await row();
    for (let i = 0; i < 10; i += 1) {
      const pairs = await Promise.all(tokens.map((token) => sessions.refresh(token)));
      tokens = pairs.map(({ refreshToken }) => refreshToken);
    }
    const after = await row();
    await service.stop(); // connections tell the statistics when they end, at the latest
    const updates = await until(async () => {
      const [table] = await database.query<{ updates: string; hot: string }>(
        `SELECT n_tup_upd AS updates, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relname = 'sessions'`,
      );
      return table?.updates === '20' && table;
    });
    expect(updates.hot).toBe('20');
    const set = Object.keys(after).filter((column) => after[column] !== before[column]);
    expect(ROTATED).toEqual(expect.arrayContaining(set));
    expect(set).toContain('refreshed_at');
  });
});
