import type { OpenAPIObject } from '@nestjs/swagger';
import { API_INFO } from '../../src/app.module.js';
import { buildOpenApiDocument } from '../../src/platform/http/openapi/open-api.js';
import { type Answer, Client } from '../support/http/client.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { type Gate, openGate } from '../support/database/gate.js';
import { Receiver } from '../signals/support/receivers.js';
import { ada, grace, logIn, register, signedIn, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { bodyFor, expectDocumented, type Operation, operationsOf, responseOf } from './operations.js';

const receiver = new Receiver('shop');

describe('Every refusal', () => {
  let database: TestDatabase;
  let gate: Gate;
  let service: TestService;
  let client: Client;
  let document: OpenAPIObject;
  let operations: Operation[];

  beforeAll(async () => {
    database = await createDatabase();
    gate = await openGate(database.url);
    const settings = { SSF_RECEIVERS: receiver.setting };
    service = await startService({ database: { ...database, url: gate.url }, settings });
    client = new Client(service.url);
    document = buildOpenApiDocument(service.app, API_INFO);
    operations = operationsOf(document);
  });
  afterAll(async () => {
    await service.stop();
    await gate.stop();
    await database.drop();
  });

  const all = (): boolean => true;
  const takesBody = ({ requestBody }: Operation): boolean => requestBody !== undefined;
  const needsDatabase = (operation: Operation): boolean =>
    'database_unavailable' in (responseOf(operation, 503)?.content?.['application/problem+json']?.examples ?? {});
  const isLocked = ({ security }: Operation): boolean =>
    security?.some((one) => 'bearer' in one || 'receiver' in one) ?? false;

  const each = async (which: (one: Operation) => boolean, check: (one: Operation) => Promise<unknown>) => {
    const chosen = operations.filter(which);
    expect(chosen.length).toBeGreaterThan(0);
    for (const operation of chosen) await check(operation);
  };

  const send = async ({ method, path }: Operation, init: RequestInit = {}, url = service.url): Promise<Answer> => {
    const headers = { accept: 'application/json', ...(init.headers as Record<string, string>) };
    const response = await fetch(url + path, { method, redirect: 'manual', ...init, headers });
    const text = await response.text();
    const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, text, body };
  };

  it('before a handler is asked is documented', async () => {
    await each(takesBody, async (operation) => {
      const headers = { 'content-type': 'application/json' };
      expectDocumented(operation, await send(operation, { body: '{', headers }));
      expectDocumented(operation, await send(operation, { body: '{"unknown":1}', headers }));
      expectDocumented(operation, await send(operation, { body: `{"a":"${'a'.repeat(17_000)}"}`, headers }));
      expectDocumented(operation, await send(operation, { body: 'a', headers: { 'content-type': 'text/plain' } }));
    });
    await each(all, async (operation) => {
      expectDocumented(operation, await send({ ...operation, path: `${operation.path}?__proto__=1` }));
    });
  });

  it('for want of a token is documented, and the lock stands on exactly those operations that ask for one', async () => {
    await each(all, async (operation) => {
      const answer = await send(operation);
      const asked = answer.headers.get('www-authenticate') === 'Bearer';
      expect([operation.name, asked]).toEqual([operation.name, isLocked(operation)]);
      if (asked) expectDocumented(operation, answer);
    });
    await each(isLocked, async (operation) =>
      expectDocumented(operation, await send(operation, { headers: { authorization: 'Bearer forged' } })),
    );
  });

  it('of an operation of its own is documented', async () => {
    const named = (id: string): Operation => operations.find(({ operationId }) => operationId === id)!;
    const { accessToken } = await signedIn(client, ada);
    expectDocumented(named('register'), await client.post('/auth/register', ada));
    expectDocumented(named('register'), await client.post('/auth/register', { ...ada, password: 'password' }));
    expectDocumented(named('login'), await client.post('/auth/login', { ...ada, password: 'wrong' }));
    for (const id of ['verifyEmail', 'resetPassword', 'acceptInvitation']) {
      const body = { token: 'unknown', ...(id !== 'verifyEmail' && { password: 'a password of my own' }) };
      const operation = named(id);
      expectDocumented(operation, await client.post(operation.path, body));
      expectDocumented(operation, await client.post(operation.path, { ...body, token: '' }));
    }
    for (const id of ['resendVerification', 'forgotPassword']) {
      expectDocumented(named(id), await client.post(named(id).path, { email: 'no address' }));
    }
    expectDocumented(named('refresh'), await client.post('/auth/refresh', { refreshToken: 'unknown' }));
    for (const id of ['refresh', 'logout']) {
      const headers = (cookie: string) => ({ headers: { cookie, origin: 'https://evil.example' } });
      expectDocumented(named(id), await client.post(`/auth/${id}`));
      expectDocumented(named(id), await client.post(`/auth/${id}`, undefined, headers('refresh_token=a')));
      const twice = await client.post(`/auth/${id}`, undefined, headers('refresh_token=a; refresh_token=b'));
      expectDocumented(named(id), twice);
    }
    const poll = await client.post('/ssf/poll', { maxEvents: -1 }, { bearer: receiver.token });
    expectDocumented(named('pollSignals'), poll);
    await asAdmin(named);
    expectDocumented(named('revocations'), await client.get('/revocations?since=now'));
    expectDocumented(named('listEvents'), await client.get('/admin/events', { bearer: accessToken }));
    expectDocumented(named('listOwnEvents'), await client.get('/users/me/events?cursor=1', { bearer: accessToken }));
    expectDocumented(named('closeSession'), await client.delete('/sessions/unknown', { bearer: accessToken }));
    expectDocumented(named('closeSessions'), await client.delete('/sessions?keep=all', { bearer: accessToken }));
  });

  /** Those that only an admin meets. */
  async function asAdmin(named: (id: string) => Operation): Promise<void> {
    const { userId, accessToken: users } = await signedIn(client);
    expectDocumented(named('listUsers'), await client.get('/admin/users', { bearer: users }));
    const person = stranger();
    const id = await register(client, person);
    await database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [id]);
    const { accessToken: bearer } = await logIn(client, person);
    const path = (of: string, more = ''): string => `/admin/users/${of}${more}`;
    expectDocumented(named('listUsers'), await client.get('/admin/users?cursor=none', { bearer }));
    expectDocumented(named('inviteUser'), await client.post('/admin/users', { email: ada.email }, { bearer }));
    expectDocumented(
      named('inviteUser'),
      await client.post('/admin/users', { email: 'a@b.example', role: '' }, { bearer }),
    );
    expectDocumented(named('getUser'), await client.get(path('unknown'), { bearer }));
    expectDocumented(named('changeUser'), await client.patch(path('unknown'), { role: 'a' }, { bearer }));
    expectDocumented(named('changeUser'), await client.patch(path(id), { role: 'user' }, { bearer }));
    expectDocumented(named('changeUser'), await client.patch(path(id), { disabledReason: 'a' }, { bearer }));
    expectDocumented(named('closeUser'), await client.delete(path(id), { bearer }));
    expectDocumented(named('closeUser'), await client.delete(path('unknown'), { bearer }));
    await client.delete(path(userId), { bearer });
    expectDocumented(named('changeUser'), await client.patch(path(userId), { role: 'a' }, { bearer }));
    expectDocumented(named('restoreUser'), await client.post(path('unknown', '/restore'), undefined, { bearer }));
    expectDocumented(named('renewInvitation'), await client.post(path(id, '/invitation'), undefined, { bearer }));
    expectDocumented(
      named('renewInvitation'),
      await client.post(path('unknown', '/invitation'), undefined, { bearer }),
    );
    expectDocumented(named('listUserSessions'), await client.get(path('unknown', '/sessions'), { bearer }));
    expectDocumented(named('closeUserSessions'), await client.delete(path('unknown', '/sessions'), { bearer }));
  }

  it('by a limit is documented', async () => {
    const settings = { RATE_LIMITS: 'on', REQUESTS_PER_ADDRESS: '5', LOGIN_FAILURES_PER_ADDRESS: '50' };
    const limited = await startService({ settings });
    try {
      const there = new Client(limited.url);
      const { accessToken: bearer } = await signedIn(there);
      const isLimited = (operation: Operation): boolean => responseOf(operation, 429)?.headers?.RateLimit !== undefined;
      await each(isLimited, async (operation) => {
        const password = operation.operationId === 'login' ? 'a wrong one' : 'a password of my own';
        const body = bodyFor(document, operation, { refreshToken: 'unknown', token: 'A'.repeat(43), password });
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` };
        const ask = (): Promise<Answer> => send(operation, { headers, body: JSON.stringify(body) }, limited.url);
        let answer = await ask();
        for (let i = 0; i < 60 && answer.status !== 429; i++) answer = await ask();
        expect([operation.name, answer.status]).toEqual([operation.name, 429]);
        expectDocumented(operation, answer);
      });
      expect(operations.filter(isLimited).map(({ name }) => name)).toHaveLength(15);
    } finally {
      await limited.stop();
    }
  });

  it('while the database is away is documented', async () => {
    const id = await register(client, grace);
    await database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [id]);
    const { accessToken, refreshToken } = await logIn(client, grace);
    gate.shut();
    try {
      await each(needsDatabase, async (operation) => {
        const body = bodyFor(document, operation, { refreshToken, ack: [], setErrs: {}, returnImmediately: true });
        const isReceivers = operation.security?.some((one) => 'receiver' in one);
        const headers = {
          authorization: `Bearer ${isReceivers ? receiver.token : accessToken}`,
          ...(body && { 'content-type': 'application/json' }),
        };
        const answer = await send(operation, { headers, ...(body && { body: JSON.stringify(body) }) });
        expect([operation.name, answer.status]).toEqual([operation.name, 503]);
        expectDocumented(operation, answer);
      });
    } finally {
      gate.open();
    }
  });
});
