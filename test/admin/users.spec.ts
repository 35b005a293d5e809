import { randomUUID } from 'node:crypto';
import { Client } from '../support/http/client.js';
import { claimsOf, logIn, register, signedIn, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { type Admin, admin as newAdmin, eventsAbout, signedInAs } from './support/admins.js';

describe('An account under administration', () => {
  let service: TestService;
  let client: Client;
  let admin: Admin;
  let bearer: string;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    admin = await newAdmin(client, service.database);
    bearer = admin.accessToken;
  });
  afterAll(() => service.stop());

  const path = (id: string, more = ''): string => `/admin/users/${id}${more}`;
  const patch = (id: string, change: object) => client.patch(path(id), change, { bearer });
  const ask = async (accessToken: string): Promise<number> =>
    (await client.get('/sessions', { bearer: accessToken })).status;
  const refresh = async (refreshToken: string): Promise<number> =>
    (await client.post('/auth/refresh', { refreshToken })).status;

  it('is shown whole, and without a secret', async () => {
    const person = stranger();
    const id = await register(client, person);
    const answer = await client.get(path(id), { bearer });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      id,
      email: person.email,
      emailVerified: false,
      role: 'user',
      state: 'active',
      locale: null,
      disabledAt: null,
      disabledReason: null,
      closedAt: null,
      createdAt: expect.any(String),
    });
  });

  it.each(['GET', 'PATCH', 'DELETE', 'POST /restore', 'POST /invitation', 'GET /sessions', 'DELETE /sessions'])(
    'is not found by an unknown id, nor by what is none: %s',
    async (what) => {
      const [method = '', more = ''] = what.split(' ');
      for (const id of [randomUUID(), 'me', '0'.repeat(32), `${randomUUID()}0`, '%00']) {
        const answer = await (method === 'PATCH'
          ? patch(id, { role: 'editor' })
          : method === 'POST'
            ? client.post(path(id, more), undefined, { bearer })
            : client[method === 'GET' ? 'get' : 'delete'](path(id, more), { bearer }));
        expect([what, answer.status, answer.body.code]).toEqual([what, 404, 'user_not_found']);
      }
    },
  );

  it.each([
    ['role', 'Admin', 'invalid_role'],
    ['role', 'a'.repeat(65), 'invalid_role'],
    ['role', 'a\u0000', 'invalid_role'],
    ['role', null, 'invalid_role'],
    ['disabled', 'true', 'not_a_boolean'],
    ['disabled', null, 'not_a_boolean'],
    ['disabledReason', '', 'invalid_reason'],
    ['disabledReason', 'a\u0000b', 'invalid_reason'],
    ['disabledReason', 'é'.repeat(501), 'invalid_reason'],
    ['disabledReason', 'not disabled', 'not_disabled'],
    ['email', 'other@example.com', 'unknown_property'],
    ['closedAt', null, 'unknown_property'],
  ])('is not changed by a wrong %s: %j', async (field, value, code) => {
    const { userId } = await signedIn(client);
    const answer = await patch(userId, { [field]: value });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field, code }] } });
    expect(await eventsAbout(service.database, userId)).toEqual([]);
  });

  it('gets a first role with the next refresh, and stays signed in', async () => {
    const { userId, accessToken, refreshToken } = await signedIn(client);
    const answer = await patch(userId, { role: 'editor' });
    expect(answer).toMatchObject({ status: 200, body: { id: userId, role: 'editor' } });
    expect(await ask(accessToken)).toBe(200);
    const { body } = await client.post('/auth/refresh', { refreshToken });
    expect(claimsOf(body.accessToken as string).role).toBe('editor');
    expect(await eventsAbout(service.database, userId)).toEqual([
      { type: 'role_changed', actor_id: admin.userId, detail: { from: 'user', to: 'editor' } },
    ]);
  });

  it.each([
    ['editor', 'user'],
    ['editor', 'admin'],
    ['admin', 'user'],
  ])('is signed out everywhere at once when the role changes from %s to %s', async (from, to) => {
    const { userId, person, ...tokens } = await signedInAs(client, service.database, from);
    const others = await logIn(client, person);
    expect((await patch(userId, { role: to })).status).toBe(200);
    for (const { accessToken, refreshToken } of [tokens, others]) {
      expect([await ask(accessToken), await refresh(refreshToken)]).toEqual([401, 401]);
    }
    expect(claimsOf((await logIn(client, person)).accessToken).role).toBe(to);
  });

  it('stays signed in when the role stays the same, and no event tells of it', async () => {
    const { userId, accessToken } = await signedInAs(client, service.database, 'editor');
    expect((await patch(userId, { role: 'editor', disabled: false })).status).toBe(200);
    expect((await patch(userId, {})).status).toBe(200);
    expect(await ask(accessToken)).toBe(200);
    expect(await eventsAbout(service.database, userId)).toEqual([]);
  });

  it('that is an admin’s is of no more use once it is demoted, whatever its token says', async () => {
    const other = await newAdmin(client, service.database);
    expect((await client.get('/admin/users', { bearer: other.accessToken })).status).toBe(200);
    await patch(other.userId, { role: 'user' });
    expect((await client.get('/admin/users', { bearer: other.accessToken })).body.code).toBe('invalid_token');
    const again = await logIn(client, other.person);
    expect((await client.get('/admin/users', { bearer: again.accessToken })).body.code).toBe('insufficient_role');
  });

  it('is kept out while it is disabled, with a reason for administrators', async () => {
    const { userId, person, accessToken, refreshToken } = await signedInAs(client, service.database, 'user');
    const disabled = await patch(userId, { disabled: true, disabledReason: 'Sent spam 🙁.' });
    expect(disabled.body).toMatchObject({
      state: 'disabled',
      disabledAt: expect.any(String),
      disabledReason: 'Sent spam 🙁.',
    });
    expect([await ask(accessToken), await refresh(refreshToken)]).toEqual([401, 401]);
    expect((await client.post('/auth/login', person)).status).toBe(401);
    const since = disabled.body.disabledAt;
    const explained = await patch(userId, { disabled: true, disabledReason: 'Sold spam.' });
    expect(explained.body).toMatchObject({ disabledAt: since, disabledReason: 'Sold spam.' });
    expect((await patch(userId, { disabledReason: null })).body).toMatchObject({ disabledReason: null });
    await patch(userId, { disabledReason: 'Once more.' });
    const enabled = await patch(userId, { disabled: false });
    expect(enabled.body).toMatchObject({ state: 'active', disabledAt: null, disabledReason: null });
    expect(await refresh(refreshToken)).toBe(401);
    await logIn(client, person);
    expect(await eventsAbout(service.database, userId)).toEqual([
      { type: 'user_disabled', actor_id: admin.userId, detail: {} },
      { type: 'sessions_closed', actor_id: admin.userId, detail: { reason: 'account_disabled', count: 1 } },
      { type: 'login_failed', actor_id: null, detail: { disabled: true } },
      { type: 'user_enabled', actor_id: admin.userId, detail: {} },
    ]);
  });

  it('is closed, and closed once; then it can only be restored', async () => {
    const { userId, person, accessToken } = await signedInAs(client, service.database, 'editor');
    for (let i = 0; i < 2; i++) expect((await client.delete(path(userId), { bearer })).status).toBe(204);
    expect(await ask(accessToken)).toBe(401);
    const closed = await client.get(path(userId), { bearer });
    expect(closed.body).toMatchObject({ state: 'closed', closedAt: expect.any(String) });
    for (const change of [{ disabled: false }, { role: 'user' }, {}]) {
      expect(await patch(userId, change)).toMatchObject({ status: 409, body: { code: 'user_closed' } });
    }
    for (let i = 0; i < 2; i++) {
      const restored = await client.post(path(userId, '/restore'), undefined, { bearer });
      expect(restored).toMatchObject({ status: 200, body: { state: 'active', role: 'editor', closedAt: null } });
    }
    await logIn(client, person);
    expect(await eventsAbout(service.database, userId)).toEqual([
      { type: 'sessions_closed', actor_id: admin.userId, detail: { reason: 'account_closed', count: 1 } },
      { type: 'account_closed', actor_id: admin.userId, detail: {} },
      { type: 'account_restored', actor_id: admin.userId, detail: {} },
    ]);
  });

  it('shows where it is signed in, without a token, and can be signed out there', async () => {
    const { userId, person, refreshToken } = await signedInAs(client, service.database, 'user');
    const second = await logIn(client, person);
    const { status, body, text } = await client.get(path(userId, '/sessions'), { bearer });
    expect(status).toBe(200);
    expect(body.items).toEqual(
      [second, { refreshToken }].map(() => ({
        id: expect.any(String),
        createdAt: expect.any(String),
        lastUsedAt: expect.any(String),
        expiresAt: expect.any(String),
        ip: '127.0.0.1',
        userAgent: expect.any(String),
        current: false,
      })),
    );
    expect(text).not.toContain(refreshToken.slice(-43));
    expect((await client.delete(path(userId, '/sessions'), { bearer })).status).toBe(204);
    expect([await refresh(refreshToken), await refresh(second.refreshToken)]).toEqual([401, 401]);
    expect((await client.get(path(userId, '/sessions'), { bearer })).body).toEqual({ items: [] });
    await logIn(client, person);
    expect(await eventsAbout(service.database, userId)).toEqual([
      { type: 'sessions_closed', actor_id: admin.userId, detail: { reason: 'closed_by_admin', count: 2 } },
      { type: 'admin_sessions_closed', actor_id: admin.userId, detail: { count: 2 } },
    ]);
  });

  it('of an admin shows which session is the one that asks', async () => {
    const { body } = await client.get(path(admin.userId, '/sessions'), { bearer });
    expect(body.items).toEqual([expect.objectContaining({ id: claimsOf(bearer).sid, current: true })]);
  });
});
