import { jest } from '@jest/globals';
import pg from 'pg';
import { ClosingService } from '../../src/account/leaving/closing.service.js';
import { Erasure } from '../../src/account/leaving/erasure.service.js';
import { cursorOf, positionOf } from '../../src/admin/listing/list-position.value.js';
import { orderOf, pageOf, type UserFilter } from '../../src/admin/listing/user-list.repository.js';
import { USER_STATES } from '../../src/admin/user-state.value.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { Client } from '../support/http/client.js';
import { logIn } from '../support/people/people.js';
import { startService } from '../support/service/service.js';
import { admin } from './support/admins.js';

const USERS = 200_000;

interface Sent {
  name?: string;
  text: string;
  values?: unknown[];
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

const partsOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(partsOf)];

/** As PostgreSQL reads it: bytes may be any, so they are written in hexadecimal. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map((one) => JSON.stringify(textOf(one))).join(',')}}`;
  return Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : String(value);
}

describe(`Among ${USERS.toLocaleString('en')} users`, () => {
  let database: TestDatabase;
  let session: pg.Client;

  beforeAll(async () => {
    database = await createDatabase();
    session = new pg.Client({ connectionString: database.url });
    await session.connect();
    // A crowd as it comes: two in a thousand are disabled, one each is invited, closed, an editor; there are twenty admins.
    await session.query(
      `INSERT INTO users (id, email, role, disabled_at, closed_at, invited_at)
       SELECT (lpad(to_hex(i), 8, '0') || '-0000-7000-8000-' || substr(md5(i::text), 1, 12))::uuid,
              substr(md5(i::text), 1, 8) || i || '@example.com',
              CASE WHEN i % 10000 = 7 THEN 'admin' WHEN i % 1000 = 1 THEN 'editor' WHEN i % 4 = 3 THEN 'member' ELSE 'user' END,
              CASE WHEN i % 500 = 2 OR i % 1000 = 3 THEN now() END, CASE WHEN i % 1000 = 3 THEN now() END,
              CASE WHEN i % 1000 = 4 THEN now() END
         FROM generate_series(1, $1::integer) i`,
      [USERS],
    );
    await session.query('VACUUM ANALYZE users');
  });
  afterAll(async () => {
    await session.end();
    await database.drop();
  });

  /** As it is run: with these values in mind, and as a statement that was prepared for any. */
  const plansOf = async (text: string, values: unknown[], how = 'ANALYZE, '): Promise<Plan[]> => {
    const plans: Plan[] = [];
    for (const mode of ['force_custom_plan', 'force_generic_plan']) {
      await session.query(`SET plan_cache_mode = ${mode}`);
      await session.query(`PREPARE looked_at AS ${text}`);
      const literals = values.map((value) => session.escapeLiteral(textOf(value))).join(', ');
      const { rows } = await session.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
        `EXPLAIN (${how}FORMAT JSON) EXECUTE looked_at(${literals})`,
      );
      await session.query('DEALLOCATE looked_at');
      plans.push(rows[0]!['QUERY PLAN'][0]!.Plan);
    }
    return plans;
  };
  /** Neither the whole table is read, nor many rows for few. */
  const expectFew = async (text: string, values: unknown[], most = 1_000): Promise<void> => {
    for (const plan of await plansOf(text, values)) {
      const parts = partsOf(plan);
      expect(parts.map((part) => part['Node Type'])).not.toContain('Seq Scan');
      const read = parts.map((part) => part['Actual Rows'] + (part['Rows Removed by Filter'] ?? 0));
      expect([text, JSON.stringify(plan), Math.max(...read) <= most]).toEqual([text, expect.any(String), true]);
    }
  };

  const roles = [undefined, 'user', 'member', 'editor', 'admin', 'nobody'];
  const states = [undefined, ...USER_STATES];
  const filters: UserFilter[] = roles.flatMap((role) =>
    states.map((state) => ({ ...(role && { role }), ...(state && { state }) })),
  );

  it.each(filters)('a page of a list stays on an index: %j', async (filter) => {
    for (const position of [positionOf(undefined, 'id')!, '00010000-0000-7000-8000-000000000000']) {
      const { statement, values } = pageOf(filter, position, 101);
      await expectFew(statement.text, values);
    }
  });

  it.each(['a', 'ab1', 'c4ca4238', 'c4ca42381@example.com', 'nobody', '~'].map((email) => ({ email })))(
    'a page of a search stays on an index: %j',
    async (filter) => {
      const last = 'ab1';
      expect(orderOf(filter)).toBe('email');
      for (const position of ['', positionOf(cursorOf(last), 'email')!]) {
        const { statement, values } = pageOf(filter, position, 101);
        await expectFew(statement.text, values, 150);
      }
    },
  );

  it('what a login, a look at one account, a closing, an erasure and a demotion ask stays on an index', async () => {
    const query = jest.spyOn(pg.Client.prototype, 'query'); // before the service has any connection
    const service = await startService({ database });
    const client = new Client(service.url);
    try {
      const [{ person, userId }, other] = [await admin(client, database), await admin(client, database)];
      query.mockClear();
      const { accessToken: bearer } = await logIn(client, person);
      await client.get(`/admin/users/${other.userId}`, { bearer });
      await client.patch(`/admin/users/${other.userId}`, { role: 'user' }, { bearer });
      await service.app.get(ClosingService, { strict: false }).close(other.userId, { actorId: userId });
      await service.app.get(Erasure, { strict: false }).erase();
    } finally {
      await service.stop();
    }
    const sent = query.mock.calls.map(([one]) => one as unknown as Sent);
    query.mockRestore();
    const named = sent.filter(({ name, text, values }) => name && values && /\busers\b/.test(text));
    expect(named.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['account_find_at_login', 'admin_user_find', 'standing_other_admin', 'standing_erase']),
    );
    for (const { text, values } of named) {
      const plans = (await plansOf(text, values!, '')).flatMap(partsOf);
      const whole = plans.filter((part) => part['Relation Name'] === 'users' && part['Node Type'] === 'Seq Scan');
      expect([text, whole]).toEqual([text, []]);
    }
  });

  it('a page of those who may come in stays on an index where most were shut out, as after a wave of robots', async () => {
    await session.query(`UPDATE users SET disabled_at = now() WHERE id > '00000200-0000-7000-8000-000000000000'`);
    await session.query('VACUUM ANALYZE users');
    const { statement, values } = pageOf({ state: 'active' }, positionOf(undefined, 'id')!, 101);
    await expectFew(statement.text, values);
  });
  it('a page of those with the role `user` stays on an index where most have another one', async () => {
    await session.query(`UPDATE users SET role = 'member' WHERE id > '00000200-0000-7000-8000-000000000000'`);
    await session.query('VACUUM ANALYZE users');
    for (const filter of [{ role: 'user' }, { role: 'user', state: 'active' }] as const) {
      const { statement, values } = pageOf(filter, positionOf(undefined, 'id')!, 101);
      await expectFew(statement.text, values);
    }
  });
});
