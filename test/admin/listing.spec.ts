import { type Answer, Client } from '../support/http/client.js';
import { crowd } from '../support/people/crowd.js';
import { register } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { admin as newAdmin } from './support/admins.js';

interface Item {
  id: string;
  email: string;
  role: string;
  state: string;
}

describe('GET /admin/users', () => {
  let service: TestService;
  let client: Client;
  let bearer: string;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    ({ accessToken: bearer } = await newAdmin(client, service.database));
    await crowd(client, service.database, 30);
  });
  afterAll(() => service.stop());

  const ask = (query: Record<string, string>): Promise<Answer> =>
    client.get(`/admin/users?${new URLSearchParams(query).toString()}`, { bearer });
  const list = async (query: Record<string, string>): Promise<{ items: Item[]; nextCursor: string | null }> => {
    const answer = await ask(query);
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return answer.body as unknown as { items: Item[]; nextCursor: string | null };
  };
  /** Every page, with something done between one and the next. */
  const walk = async (query: Record<string, string>, between = async () => {}): Promise<Item[]> => {
    const items: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await list({ ...query, ...(cursor && { cursor }) });
      items.push(...page.items);
      cursor = page.nextCursor;
      await between();
    }
    return items;
  };
  const change = (sql: string, values: unknown[]): Promise<unknown[]> => service.database.query(sql, values);
  const emails = async (where = 'TRUE', order = 'id DESC'): Promise<string[]> => {
    const rows = await service.database.query<{ email: string }>(
      `SELECT email FROM users WHERE ${where} ORDER BY ${order}`,
    );
    return rows.map(({ email }) => email);
  };
  const emailsOf = (items: Item[]): string[] => items.map(({ email }) => email);

  it('gives the newest first, in pages of any size, each account once', async () => {
    const all = await emails();
    expect(all.length).toBeGreaterThan(31);
    for (const limit of ['1', '7', String(all.length), '100']) expect(emailsOf(await walk({ limit }))).toEqual(all);
    expect((await list({ limit: String(all.length) })).nextCursor).toBeNull();
    expect((await list({ limit: String(all.length - 1) })).nextCursor).toEqual(expect.any(String));
  });

  it('gives 50 if not asked otherwise', async () => {
    await crowd(client, service.database, 30);
    expect((await list({})).items).toHaveLength(50);
  });

  it.each<Record<string, string>>([{}, { email: 'stranger-' }])(
    'leaves nobody out and gives nobody twice while people register and are erased: %j',
    async (filter) => {
      const before = await emails(`email LIKE 'stranger-%'`);
      let [erased, round] = [0, 0];
      const seen = await walk({ ...filter, limit: '9' }, async () => {
        await crowd(client, service.database, 2);
        round += 1;
        const gone = await service.database.query(`DELETE FROM users WHERE role = 'user' AND email = $1 RETURNING id`, [
          before[(7 * round) % before.length],
        ]);
        erased += gone.length;
      });
      expect(erased).toBeGreaterThan(3);
      const still = new Set(await emails());
      const given = emailsOf(seen);
      expect(new Set(given).size).toBe(given.length);
      expect(before.filter((email) => still.has(email) && !given.includes(email))).toEqual([]);
    },
  );

  it('finds by what an address begins with, in its stored form, sorted by address', async () => {
    for (const email of ['find.b@example.com', 'find_a@example.com', 'find%@example.com', 'finder@example.com']) {
      await register(client, { email, password: 'a password of my own' });
    }
    await register(client, { email: 'find@Bücher.example', password: 'a password of my own' });
    const found = async (email: string): Promise<string[]> => emailsOf(await walk({ email, limit: '2' }));
    expect(await found('FIND')).toEqual(await emails(`starts_with(email, 'find')`, 'email'));
    expect(await found(' find.B@EXAMPLE.com ')).toEqual(['find.b@example.com']);
    expect(await found('find@bücher.example')).toEqual(['find@xn--bcher-kva.example']);
    expect(await found('find_')).toEqual(['find_a@example.com']);
    expect(await found('find%')).toEqual(['find%@example.com']);
    expect(await found('inder@')).toEqual([]);
  });

  it('finds by role and by state, also by both and the address', async () => {
    const [active, invited, disabled, closed, disabledAndInvited] = await crowd(client, service.database, 5);
    const people = [active, invited, disabled, closed, disabledAndInvited].map((member) => member!.userId);
    await change(`UPDATE users SET role = 'painter' WHERE id = ANY ($1)`, [people]);
    await change('UPDATE users SET invited_at = now() WHERE id = ANY ($1)', [[people[1], people[4]]]);
    await change('UPDATE users SET disabled_at = now() WHERE id = ANY ($1)', [[people[2], people[3], people[4]]]);
    await change('UPDATE users SET closed_at = now() WHERE id = $1', [people[3]]);
    const found = async (query: Record<string, string>): Promise<string[]> =>
      (await walk({ ...query, limit: '1' })).map(({ id }) => id).sort();
    const states = { active: [0], invited: [1], disabled: [2, 4], closed: [3] };
    for (const [state, members] of Object.entries(states)) {
      const ids = members.map((index) => people[index]).sort();
      for (const email of [undefined, 'stranger-']) {
        expect([state, await found({ state, role: 'painter', ...(email && { email }) })]).toEqual([state, ids]);
      }
      const all = await walk({ state });
      expect(new Set(all.map((item) => item.state))).toEqual(new Set([state]));
      expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    }
    expect(await found({ role: 'painter' })).toEqual(people.toSorted());
    expect(new Set((await walk({ role: 'user' })).map(({ role }) => role))).toEqual(new Set(['user']));
    expect(await found({ role: 'nobody' })).toEqual([]);
  });

  it.each([
    ['limit', '0', 'invalid_limit'],
    ['limit', '101', 'invalid_limit'],
    ['limit', '1e1', 'invalid_limit'],
    ['state', 'gone', 'not_an_allowed_value'],
    ['role', 'A', 'invalid_role'],
    ['email', '', 'invalid_search'],
    ['email', 'ada@\u0000', 'invalid_search'],
    ['email', 'ädä', 'invalid_search'],
    ['cursor', '', 'invalid_cursor'],
    ['cursor', 'none', 'invalid_cursor'],
    ['cursor', Buffer.from('ada@example.com').toString('base64url'), 'invalid_cursor'],
    ['offset', '10', 'unknown_property'],
  ])('refuses a wrong %s: %j', async (field, value, code) => {
    expect(await ask({ [field]: value })).toMatchObject({ status: 400, body: { errors: [{ field, code }] } });
  });

  it('refuses the cursor of another list, and a question that is asked twice', async () => {
    const { nextCursor } = await list({ limit: '1', email: 'stranger' });
    expect((await ask({ cursor: nextCursor! })).status).toBe(400);
    expect((await client.get('/admin/users?role=a&role=b', { bearer })).status).toBe(400);
  });
});
