import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '../../src/audit/audit.service.js';
import { pageStatement, type EventFilters } from '../../src/audit/pages/page-statement.value.js';
import { type Answer, Client } from '../support/http/client.js';
import { claimsOf, logIn, register, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

type Item = Record<string, unknown> & { id: string; type: string };
const itemsOf = ({ body }: Answer): Item[] => body.items as Item[];
const typesOf = (answer: Answer): string[] => itemsOf(answer).map(({ type }) => type);

describe('GET /users/me/events', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const own = ({ accessToken }: Tokens, query = ''): Promise<Answer> =>
    client.get(`/users/me/events${query}`, { bearer: accessToken });
  const record = (event: Parameters<AuditService['record']>[0]): Promise<void> =>
    service.app.get(AuditService, { strict: false }).record(event);

  it('shows what happened to one’s account, the newest first, and nothing of anybody else’s', async () => {
    const person = stranger();
    await signedIn(client);
    await register(client, person);
    await client.post('/auth/login', { ...person, password: 'not the password' });
    const tokens = await logIn(client, person);
    const answer = await own(tokens);
    expect([answer.status, answer.body.nextCursor]).toEqual([200, null]);
    expect(typesOf(answer)).toEqual(['login_succeeded', 'login_failed', 'user_registered']);
    expect(itemsOf(answer)[0]).toEqual({
      id: expect.any(String),
      type: 'login_succeeded',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      by: 'self',
      sessionId: claimsOf(tokens.accessToken).sid,
      ip: '127.0.0.1',
      detail: {},
    });
    expect(itemsOf(answer)[1]).toMatchObject({ by: 'unknown', sessionId: null, detail: { disabled: false } });
  });

  it('tells that an admin did something, and not which one or from where', async () => {
    const tokens = await signedIn(client);
    const adminId = randomUUID();
    await record({ type: 'user_enabled', actorId: adminId, subjectId: tokens.userId });
    await service.database.query(
      `INSERT INTO audit_events (id, type, actor_id, subject_id, ip) VALUES ($1, 'user_enabled', $2, $3, '203.0.113.9')`,
      [uuidv7(), adminId, tokens.userId], // the id decides the order of events of one millisecond
    );
    await record({ type: 'account_erased', actorId: null, subjectId: tokens.userId });
    const answer = await own(tokens);
    expect(itemsOf(answer).map(({ by }) => by)).toEqual(['system', 'admin', 'admin', 'self', 'self']);
    for (const hidden of [adminId, '203.0.113.9']) expect(answer.text).not.toContain(hidden);
  });

  it('knows no filter by which others could be asked about', async () => {
    const tokens = await signedIn(client);
    for (const query of [`?subjectId=${randomUUID()}`, `?actorId=${randomUUID()}`]) {
      expect((await own(tokens, query)).status).toBe(400);
    }
  });

  it('goes from page to page without a gap or a repetition, while more is written', async () => {
    const person = stranger();
    const tokens = await signedIn(client, person);
    for (let i = 0; i < 7; i++) await record({ type: 'email_verified', actorId: null, subjectId: tokens.userId });
    const before = itemsOf(await own(tokens)).map(({ id }) => id);
    const seen: string[] = [];
    for (let cursor: unknown = ''; cursor !== null;) {
      const page = await own(tokens, `?limit=2${cursor ? `&cursor=${cursor as string}` : ''}`);
      expect(itemsOf(page).length).toBeLessThanOrEqual(2);
      seen.push(...itemsOf(page).map(({ id }) => id));
      cursor = page.body.nextCursor;
      await logIn(client, person);
    }
    expect(seen).toEqual(before);
  });

  it('keeps events of one millisecond apart', async () => {
    const tokens = await signedIn(client);
    await service.database.query(
      `INSERT INTO audit_events (id, type, subject_id, created_at)
       SELECT gen_random_uuid(), 'email_verified', $1, '2026-01-01T00:00:00.123Z' FROM generate_series(1, 9)`,
      [tokens.userId],
    );
    const ids = new Set<string>();
    for (let query: string | null = '?type=email_verified&limit=4'; query !== null;) {
      const page = await own(tokens, query);
      itemsOf(page).forEach(({ id }) => ids.add(id));
      const { nextCursor } = page.body;
      query = nextCursor === null ? null : `?type=email_verified&limit=4&cursor=${nextCursor as string}`;
    }
    expect(ids.size).toBe(9);
  });

  it('shows only what fits its type and its time', async () => {
    const tokens = await signedIn(client);
    for (const at of ['2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z', '2026-02-03T00:00:00Z']) {
      await service.database.query(
        `INSERT INTO audit_events (id, type, subject_id, created_at) VALUES (gen_random_uuid(), 'email_verified', $1, $2)`,
        [tokens.userId, at],
      );
    }
    const days = async (query: string): Promise<unknown[]> =>
      itemsOf(await own(tokens, query)).map(({ createdAt }) => String(createdAt).slice(0, 10));
    expect(await days('?type=email_verified')).toEqual(['2026-02-03', '2026-02-02', '2026-02-01']);
    expect(await days('?from=2026-02-02T00:00:00Z&to=2026-02-03T00:00:00Z')).toEqual(['2026-02-02']);
    expect(await days('?type=role_changed')).toEqual([]);
  });

  it.each([
    ['limit=0', 'not_a_page_size'],
    ['limit=101', 'not_a_page_size'],
    ['limit=1e1', 'not_a_page_size'],
    ['limit=1&limit=2', 'not_a_page_size'],
    ['cursor=', 'not_a_cursor'],
    ['cursor=AAAA', 'not_a_cursor'],
    [`cursor=${'_'.repeat(30)}`, 'not_a_cursor'],
    ['cursor=a&cursor=b', 'not_a_cursor'],
    ['type=Login', 'not_an_event_type'],
    ['type=%00', 'not_an_event_type'],
    [`type=${'a'.repeat(65)}`, 'not_an_event_type'],
    ['from=yesterday', 'not_a_time'],
    ['from=2026-02-30T00:00:00Z', 'not_a_time'],
    ['from=2026-01-31', 'not_a_time'],
    ['to=2026-01-31T12:00:00%2B01:00', 'not_a_time'],
    ['to=99999-01-31T12:00:00Z', 'not_a_time'],
    ['page=2', 'unknown_property'],
  ])('refuses ?%s', async (query, code) => {
    const answer = await own(await signedIn(client), `?${query}`);
    expect([answer.status, answer.body.code, answer.body.errors]).toEqual([
      400,
      'validation_failed',
      [expect.objectContaining({ code })],
    ]);
  });

  it('takes the first and the last time there is', async () => {
    const tokens = await signedIn(client);
    const whole = await own(tokens, '?from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59.999999999Z');
    expect([whole.status, itemsOf(whole).length]).toEqual([200, 2]);
  });
});

describe('GET /admin/events', () => {
  let service: TestService;
  let client: Client;
  let admin: Tokens & { userId: string };

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    const person = stranger();
    const userId = await register(client, person);
    await service.database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [userId]);
    admin = { ...(await logIn(client, person)), userId };
  });
  afterAll(() => service.stop());

  const all = (query = ''): Promise<Answer> => client.get(`/admin/events${query}`, { bearer: admin.accessToken });

  it('is for admins only', async () => {
    const { accessToken } = await signedIn(client);
    const answer = await client.get('/admin/events', { bearer: accessToken });
    expect([answer.status, answer.body.code]).toEqual([403, 'insufficient_role']);
  });

  it('shows everything about everybody', async () => {
    const { userId, accessToken } = await signedIn(client);
    const headers = { 'x-request-id': randomUUID() };
    const { body } = await client.post('/auth/login', stranger(), { headers });
    const items = itemsOf(await all());
    expect(items[0]).toEqual({
      id: expect.any(String),
      type: 'login_failed',
      createdAt: expect.any(String),
      actorId: null,
      subjectId: null,
      sessionId: null,
      requestId: body.requestId,
      ip: '127.0.0.1',
      detail: { disabled: false },
    });
    expect(items[1]).toMatchObject({ actorId: userId, subjectId: userId, sessionId: claimsOf(accessToken).sid });
  });

  it('shows only what fits all filters', async () => {
    const [one, other] = [await signedIn(client), await signedIn(client)];
    expect(typesOf(await all(`?subjectId=${one.userId}`))).toEqual(['login_succeeded', 'user_registered']);
    const about = itemsOf(await all(`?actorId=${other.userId}&type=login_succeeded`));
    expect(about).toMatchObject([{ subjectId: other.userId }]);
    expect(itemsOf(await all(`?actorId=${other.userId}&subjectId=${one.userId}`))).toEqual([]);
    for (const query of ['?actorId=me', '?subjectId=%00']) expect((await all(query)).status).toBe(400);
  });

  it('gives fifty events unless it is asked for another number', async () => {
    await service.database.query(
      `INSERT INTO audit_events (id, type) SELECT gen_random_uuid(), 'email_verified' FROM generate_series(1, 120)`,
    );
    for (const [query, count] of [
      ['', 50],
      ['?limit=100', 100],
      ['?limit=1', 1],
    ] as const) {
      expect(itemsOf(await all(query))).toHaveLength(count);
    }
  });
});

describe('A page of events', () => {
  let service: TestService;
  const someone = '8f14e45f-ceea-467a-9575-6a8a2a9d2d5a';
  const place = { createdAt: new Date(Date.now() - 10_000_000), id: randomUUID() };

  beforeAll(async () => {
    service = await startService();
    await service.database.query(
      `INSERT INTO audit_events (id, type, actor_id, subject_id, created_at)
       SELECT gen_random_uuid(), CASE i % 20 WHEN 7 THEN 'login_failed' ELSE 'login_succeeded' END, who, who,
              now() - make_interval(secs => i)
         FROM generate_series(1, 20000) AS i, LATERAL (SELECT CASE i % 20 WHEN 7 THEN $1::uuid ELSE md5((i % 20)::text)::uuid END AS who) AS person`,
      [someone],
    );
    await service.database.query('ANALYZE audit_events');
  });
  afterAll(() => service.stop());

  it.each<[string, EventFilters]>([
    ['audit_events_created_at_id_idx', {}],
    ['audit_events_created_at_id_idx', { from: new Date(0), to: new Date('2100-01-01T00:00:00Z') }],
    ['audit_events_type_created_at_id_idx', { type: 'login_failed' }],
    ['audit_events_actor_id_created_at_id_idx', { actorId: someone }],
    ['audit_events_subject_id_created_at_id_idx', { subjectId: someone }],
    ['audit_events_subject_id_created_at_id_idx', { subjectId: someone, from: new Date(0) }],
  ])('is read from %s, without sorting, for %j', async (index, filters) => {
    for (const from of [null, place]) {
      const { text, values } = pageStatement(filters, from, 50);
      const rows = await service.database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain(`Index Scan Backward using ${index}`);
      expect(plan).not.toMatch(/Sort|Seq Scan|Filter/);
    }
  });
});
