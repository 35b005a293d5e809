import { randomUUID } from 'node:crypto';
import { AuditService } from '../../src/audit/audit.service.js';
import { KeyRotation } from '../../src/keys/rotation/key-rotation.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import { Client } from '../support/http/client.js';
import { claimsOf, logIn, register, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { letPass } from '../keys/support/keys.js';
import { type Row, rowsAbout } from './support/rows.js';

const sessionOf = ({ accessToken }: Tokens): string => claimsOf(accessToken).sid as string;

describe('The audit log', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: { REFRESH_REUSE_SECONDS: '0' } });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const about = (userId: string): Promise<Row[]> => rowsAbout(service.database, userId);
  const last = async (userId: string): Promise<Row> => (await about(userId)).at(-1)!;
  const requestId = (): { headers: Record<string, string> } => ({ headers: { 'x-request-id': randomUUID() } });

  it('holds who did what to whom, when, from where and by which request', async () => {
    const begun = new Date();
    const request = requestId();
    const { body } = await client.post('/auth/register', stranger(), request);
    const [{ seq: _seq, digest: _digest, ...row }] = (await about(body.id as string)) as [Row];
    expect(row).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      type: 'user_registered',
      actor_id: body.id,
      subject_id: body.id,
      session_id: null,
      request_id: request.headers['x-request-id'],
      ip: '127.0.0.1',
      detail: {},
      created_at: expect.any(Date),
    });
    const { created_at } = await last(body.id as string);
    expect(Math.abs(created_at.getTime() - begun.getTime())).toBeLessThan(10_000);
  });

  it('knows the caller’s address behind a trusted proxy, and no other', async () => {
    const proxied = await startService({
      database: service.database,
      settings: { AUTH_SECRET: service.config.authSecrets[0]!.toString('base64url'), TRUSTED_PROXIES: '127.0.0.1' },
    });
    try {
      for (const [url, ip] of [
        [proxied.url, '203.0.113.7'],
        [service.url, '127.0.0.1'],
      ] as const) {
        const headers = { 'x-forwarded-for': '203.0.113.7' };
        const { body } = await new Client(url).post('/auth/register', stranger(), { headers });
        expect(await last(body.id as string)).toMatchObject({ ip });
      }
    } finally {
      await proxied.stop();
    }
  });

  it('knows a login with the session that it opened', async () => {
    const person = stranger();
    const userId = await register(client, person);
    const request = requestId();
    const { body } = await client.post('/auth/login', person, request);
    expect(await last(userId)).toMatchObject({
      type: 'login_succeeded',
      actor_id: userId,
      session_id: sessionOf(body as unknown as Tokens),
      request_id: request.headers['x-request-id'],
      ip: '127.0.0.1',
    });
  });

  it('knows a failed login, about whom it was if anybody, and never who did it', async () => {
    const person = stranger();
    const userId = await register(client, person);
    const [known, unknown] = [requestId(), requestId()];
    await client.post('/auth/login', { ...person, password: 'not the password' }, known);
    await client.post('/auth/login', stranger(), unknown);
    const failed = { type: 'login_failed', actor_id: null, ip: '127.0.0.1', detail: { disabled: false } };
    expect(await last(userId)).toMatchObject({ ...failed, request_id: known.headers['x-request-id'] });
    const ofNobody = 'SELECT * FROM audit_events WHERE subject_id IS NULL AND request_id = $1';
    expect(await service.database.query(ofNobody, [unknown.headers['x-request-id']])).toMatchObject([failed]);
  });

  it('knows that a login failed for a disabled account', async () => {
    const person = stranger();
    const userId = await register(client, person);
    await service.database.query('UPDATE users SET disabled_at = now() WHERE id = $1', [userId]);
    expect((await client.post('/auth/login', person)).status).toBe(401);
    expect(await last(userId)).toMatchObject({ type: 'login_failed', detail: { disabled: true } });
  });

  it('knows why a session was closed, and tells once', async () => {
    const person = stranger();
    const { userId, ...first } = await signedIn(client, person);
    const second = await logIn(client, person);
    await client.delete(`/sessions/${sessionOf(second)}`, { bearer: first.accessToken });
    await client.post('/auth/logout', { refreshToken: first.refreshToken });
    await client.post('/auth/logout', { refreshToken: first.refreshToken });
    const closed = { type: 'session_closed', actor_id: userId };
    expect((await about(userId)).slice(-2)).toMatchObject([
      { ...closed, session_id: sessionOf(second), detail: { reason: 'closed_by_user' } },
      { ...closed, session_id: sessionOf(first), detail: { reason: 'logout' } },
    ]);
  });

  it('knows how many sessions were closed at once, if any', async () => {
    const person = stranger();
    const { userId, accessToken } = await signedIn(client, person);
    await logIn(client, person);
    await logIn(client, person);
    for (let i = 0; i < 2; i++) await client.delete('/sessions?keep=current', { bearer: accessToken });
    const closed = (await about(userId)).filter(({ type }) => type === 'sessions_closed');
    expect(closed).toMatchObject([{ actor_id: userId, detail: { reason: 'closed_by_user', count: 2 } }]);
  });

  it('knows who else closed somebody’s sessions', async () => {
    const [admin, { userId }] = [await register(client, stranger()), await signedIn(client)];
    await service.app.get(SessionsService, { strict: false }).closeAll(userId, null, 'closed_by_user', admin);
    expect(await last(userId)).toMatchObject({ type: 'sessions_closed', actor_id: admin, request_id: null, ip: null });
  });

  it('knows of a used refresh token that came back, once, and of no rotation', async () => {
    const { userId, ...first } = await signedIn(client);
    const { body } = await client.post('/auth/refresh', { refreshToken: first.refreshToken });
    expect((await about(userId)).map(({ type }) => type)).toEqual(['user_registered', 'login_succeeded']);
    for (const refreshToken of [first.refreshToken, first.refreshToken, body.refreshToken]) {
      expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(401);
    }
    expect((await about(userId)).slice(2)).toMatchObject([
      { type: 'refresh_token_reuse', actor_id: null, session_id: sessionOf(first) },
    ]);
  });

  it('knows a new signing key, and why it signs', async () => {
    await letPass(service.database, '1 hour');
    const kid = await service.app.get(KeyRotation, { strict: false }).rotate();
    const rotated = `SELECT * FROM audit_events WHERE type = 'signing_key_rotated'`;
    const [row] = await service.database.query<Row>(rotated);
    expect(row).toMatchObject({ actor_id: null, subject_id: null, detail: { kid, reason: 'command' } });
  });

  it('has no row of what was rolled back, nor the log a line', async () => {
    const subjectId = randomUUID();
    const audit = service.app.get(AuditService, { strict: false });
    const event = { type: 'user_enabled', actorId: null, subjectId } as const;
    const failing = service.app.get(Database, { strict: false }).inTransaction(async () => {
      await audit.record(event);
      throw new Error('the rest of it fails');
    });
    await expect(failing).rejects.toThrow('the rest of it fails');
    expect([await about(subjectId), service.log.join('').includes(subjectId)]).toEqual([[], false]);
    await audit.record(event);
    expect(await about(subjectId)).toMatchObject([{ type: 'user_enabled', request_id: null, ip: null }]);
  });

  it('is told line by line in the service’s log, in the same words', async () => {
    const { userId, ...tokens } = await signedIn(client);
    await client.post('/auth/logout', { refreshToken: tokens.refreshToken });
    const lines = service.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    const mine = lines.filter((line) => line.msg === 'event' && line.userId === userId);
    expect(mine.map(({ event }) => event)).toEqual((await about(userId)).map(({ type }) => type));
    expect(mine.at(-1)).toMatchObject({
      level: 'info',
      event: 'session_closed',
      reason: 'logout',
      actorId: userId,
      sessionId: sessionOf(tokens),
      ip: '127.0.0.1',
      requestId: (await last(userId)).request_id,
    });
  });

  it('holds ids and no address, whatever was done with one', async () => {
    const [person, next, guest] = [stranger(), stranger(), stranger()];
    const { userId, accessToken: bearer } = await signedIn(client, person);
    await service.database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [userId]);
    const { accessToken: admin } = await logIn(client, person);
    const { password: currentPassword } = person;
    await client.post('/users/me/email', { email: next.email, currentPassword }, { bearer });
    const { token } = await service.mailbox.next({ to: next.email, template: 'confirm_email_change' });
    expect((await client.post('/auth/confirm-email-change', { token })).status).toBe(204);
    expect((await client.post('/admin/users', { email: guest.email }, { bearer: admin })).status).toBe(201);
    await client.post('/auth/login', { ...next, password: 'not the one' });
    await client.post('/auth/forgot-password', { email: next.email });
    await service.mailbox.next({ to: next.email, template: 'reset_password' });
    const rows = await service.database.query<{ type: string; row: string }>(
      'SELECT type, e::text AS row FROM audit_events e',
    );
    const types = ['email_changed', 'user_invited', 'login_failed', 'password_reset_requested'];
    expect(rows.map(({ type }) => type)).toEqual(expect.arrayContaining(types));
    for (const { row } of rows) expect(row).not.toContain('@');
  });

  it('holds no login whose session could not be opened any more', async () => {
    const person = stranger();
    const userId = await register(client, person);
    const user = { id: userId, email: person.email, emailVerified: false, role: 'user', sessionEpoch: 7 };
    const opened = await service.app
      .get(SessionsService, { strict: false })
      .open(user, { ip: null, userAgent: null }, { id: Buffer.alloc(16), isNew: true });
    expect([opened, (await about(userId)).length]).toEqual([null, 1]);
  });
});
