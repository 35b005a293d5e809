import { setImmediate } from 'node:timers/promises';
import { jest } from '@jest/globals';
import pg from 'pg';
import { Database } from '../../../src/platform/database/database.service.js';
import { isDatabaseTrouble } from '../../../src/platform/database/trouble.js';
import { currentRequest, inRequest } from '../../../src/platform/request-context.js';
import { Client } from '../../support/http/client.js';
import { createDatabase, type TestDatabase } from '../../support/database/database.js';
import { type Gate, openGate } from '../../support/database/gate.js';
import { hold, untilWaiting } from '../../support/database/held.js';
import { untilNothingIsQueued } from '../../support/mail/mailed.js';
import { signedIn, stranger } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';
import { millisOf, quickest } from '../../support/time/quickest.js';
import { times } from '../../support/sessions/refreshes.js';
import { until } from '../../support/time/until.js';

describe('A database in trouble', () => {
  let database: TestDatabase;
  let gate: Gate;
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    database = await createDatabase();
    gate = await openGate(database.url);
    service = await startService({ database: { ...database, url: gate.url }, settings: { DATABASE_POOL_SIZE: '2' } });
    client = new Client(service.url);
  });
  afterAll(async () => {
    await service.stop();
    await gate.stop();
    await database.drop();
  });

  const unavailable = expect.objectContaining({
    status: 503,
    body: expect.objectContaining({ code: 'database_unavailable' }),
  });

  it('is asked once for a refresh or /users/me, and three times for a login', async () => {
    const person = stranger();
    const { accessToken, refreshToken } = await signedIn(client, person);
    await untilNothingIsQueued(database); // what goes on behind a registration is done in its name
    const query = Reflect.get(pg.Client.prototype, 'query') as (...values: unknown[]) => unknown;
    let forRequests = 0; // what the service does beside them, on its own, is not theirs
    const sent = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
      this: pg.Client,
      ...values: unknown[]
    ) {
      const { name } = values[0] as { name?: string };
      if (currentRequest() || name === 'session_rotate_together') forRequests += 1; // which belongs to several requests, or one
      return query.apply(this, values);
    });
    const fresh = await startService({
      database,
      settings: { AUTH_SECRET: service.config.authSecrets[0]!.toString('base64url'), RATE_LIMITS: 'on' },
    });
    const there = new Client(fresh.url);
    const count = async (work: () => Promise<{ status: number }>): Promise<number> => {
      forRequests = 0;
      expect((await work()).status).toBe(200);
      return forRequests;
    };
    try {
      expect(await count(() => there.get('/users/me', { bearer: accessToken }))).toBe(1);
      expect(await count(() => there.post('/auth/refresh', { refreshToken }))).toBe(1);
      expect(await count(() => there.post('/auth/login', person))).toBe(3);
    } finally {
      await fresh.stop();
      sent.mockRestore();
    }
  });

  it('makes every route that needs it answer 503, at once when it is gone', async () => {
    const { accessToken, refreshToken } = await signedIn(client);
    gate.shut();
    const refused = async (): Promise<void> => {
      expect(await client.post('/auth/register', stranger())).toEqual(unavailable);
      expect(await client.post('/auth/login', stranger())).toEqual(unavailable);
      expect(await client.post('/auth/refresh', { refreshToken })).toEqual(unavailable);
      expect(await client.post('/auth/logout', { refreshToken })).toEqual(unavailable);
      expect(await client.get('/users/me', { bearer: accessToken })).toEqual(unavailable);
      expect(await client.get('/sessions', { bearer: accessToken })).toEqual(unavailable);
    };
    expect(await quickest(6_000, () => millisOf(refused))).toBeLessThan(6_000);
    expect((await client.get('/.well-known/jwks.json')).status).toBe(200);
    gate.open();
    expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(200);
  });

  it('is survived when its connections are ended while idle', async () => {
    const { accessToken } = await signedIn(client);
    const ofService = `FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'auth-service'`;
    /** No connection is being opened or ended just now. */
    const isSteady = async (): Promise<boolean> =>
      (await database.query(`SELECT pid ${ofService}`)).length === gate.connections;
    await untilNothingIsQueued(database); // what goes on behind a registration takes connections, too
    await until(isSteady);
    const drained = gate.drained();
    await database.query(`SELECT pg_terminate_backend(pid) ${ofService}`);
    await drained;
    await until(isSteady);
    expect((await client.get('/users/me', { bearer: accessToken })).status).toBe(200);
  });

  it('is survived when a connection is cut in the middle of a query', async () => {
    const { refreshToken } = await signedIn(client);
    const locker = await hold(database);
    await locker.run('LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE');
    try {
      const refused = client.post('/auth/refresh', { refreshToken });
      await untilWaiting(database, 1);
      gate.shut();
      expect(await refused).toEqual(unavailable);
    } finally {
      await locker.rollBack();
      gate.open();
    }
    expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(200);
  });

  it('keeps nobody waiting for a connection beyond the deadline of the request', async () => {
    const there = service.app.get(Database);
    const sleep = (): Promise<unknown> => there.query({ name: 'sleep', text: 'SELECT pg_sleep(1.4)' }, []);
    const others: Promise<unknown>[] = [];
    const slow = (): Promise<void> =>
      inRequest({ requestId: 'slow', ip: null }, async () => {
        await sleep();
        await sleep();
        others.push(...[sleep, sleep].map((work) => inRequest({ requestId: 'another', ip: null }, work)));
        const error: unknown = await there.isMigrated().catch((reason: unknown) => reason);
        expect(isDatabaseTrouble(error)).toBe(true);
      });
    const attempt = async (): Promise<number> => {
      const millis = await millisOf(slow);
      await Promise.all(others.splice(0));
      return millis;
    };
    expect(await quickest(3_900, attempt)).toBeLessThan(3_900);
  });

  it('is told as such when it cuts a transaction between two statements', async () => {
    const there = service.app.get(Database);
    const work = there.inTransaction(async () => {
      await there.manager.query('SELECT 1');
      gate.shut();
      while (gate.connections > 0) await setImmediate();
      await setImmediate();
      await there.manager.query('SELECT 1');
    });
    const error: unknown = await work.catch((reason: unknown) => reason);
    gate.open();
    expect({ error, trouble: isDatabaseTrouble(error) }).toEqual({ error: expect.any(Error), trouble: true });
  });

  it('is given up within 4 s when it freezes, and the frozen connection is not used again', async () => {
    const { accessToken } = await signedIn(client);
    const ask = () => client.get('/users/me', { bearer: accessToken });
    const attempt = async (): Promise<number> => {
      gate.freeze();
      const millis = await millisOf(async () => expect(await ask()).toEqual(unavailable));
      gate.open();
      expect((await ask()).status).toBe(200);
      return millis;
    };
    expect(await quickest(4_000, attempt)).toBeLessThan(4_000);
  });

  it('is given up within 4 s when a table is locked, and other routes are unhurt', async () => {
    const { accessToken, refreshToken } = await signedIn(client);
    const locker = await hold(database);
    await locker.run('LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE');
    try {
      const attempt = async (): Promise<void> => {
        const refused = client.post('/auth/refresh', { refreshToken });
        expect((await client.get('/users/me', { bearer: accessToken })).status).toBe(200);
        expect(await refused).toEqual(unavailable);
      };
      expect(await quickest(4_000, () => millisOf(attempt))).toBeLessThan(4_000);
    } finally {
      await locker.rollBack();
    }
    expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(200);
  });

  it('is not waited for beyond 4 s when all connections are taken', async () => {
    const { accessToken } = await signedIn(client);
    const ask = () => client.get('/users/me', { bearer: accessToken });
    const attempt = async (): Promise<number> => {
      gate.freeze();
      const millis = await millisOf(async () =>
        expect(await Promise.all(times(6, ask))).toEqual(Array(6).fill(unavailable)),
      );
      gate.open();
      expect((await ask()).status).toBe(200);
      return millis;
    };
    expect(await quickest(4_500, attempt)).toBeLessThan(4_500);
  });
});
