import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from '../support/http/client.js';
import { grace, register, signedIn, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { countHashes, countStatements, inTurn, LIMITED, logInFrom, pass } from './support/guessing.js';

describe('Logins that go wrong', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: LIMITED });
    client = new Client(service.url);
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => service.stop());

  const wrong = (email: string) => ({ email, password: 'a password of others' });
  const fail = (email: string, ip: string, times: number): Promise<number[]> =>
    inTurn(times, () => logInFrom(client, ip, wrong(email)));

  it('are refused after five, for a minute, with the right password as well', async () => {
    const person = stranger();
    await register(client, person);
    expect(await fail(person.email, '192.0.2.1', 5)).toEqual([401, 401, 401, 401, 401]);
    const refused = await logInFrom(client, '192.0.2.1', person);
    expect(refused).toMatchObject({
      status: 429,
      body: {
        code: 'too_many_requests',
        title: 'Too many requests',
        type: 'urn:auth-service:problem:too_many_requests',
      },
    });
    expect(refused.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('say what is left, and when there is more', async () => {
    const { email } = stranger();
    const first = await logInFrom(client, '192.0.2.2', wrong(email));
    expect(first.headers.get('ratelimit-policy')).toBe('"login";q=5;w=3600, "address";q=50;w=3600');
    expect(first.headers.get('ratelimit')).toBe('"login";r=4;t=3600, "address";r=49;t=3600');
    await fail(email, '192.0.2.2', 4);
    const refused = await logInFrom(client, '192.0.2.2', wrong(email));
    expect(refused.headers.get('ratelimit-policy')).toBe('"login";q=5;w=3600');
    expect(refused.headers.get('ratelimit')).toBe(`"login";r=0;t=${refused.headers.get('retry-after')}`);
  });

  it('wait twice as long each time, at most 15 minutes, and are forgotten an hour after the last', async () => {
    const person = stranger();
    await register(client, person);
    await fail(person.email, '192.0.2.3', 5);
    for (const seconds of [60, 120, 240, 480, 900, 900]) {
      const refused = await logInFrom(client, '192.0.2.3', person);
      expect(refused.status).toBe(429);
      const wait = Number(refused.headers.get('retry-after'));
      expect(wait).toBeLessThanOrEqual(seconds);
      expect(wait).toBeGreaterThan(seconds - 30);
      await pass(service, seconds);
      expect(await fail(person.email, '192.0.2.3', 1)).toEqual([401]);
    }
    await pass(service, 3_600);
    const later = await logInFrom(client, '192.0.2.3', wrong(person.email));
    expect(later.headers.get('ratelimit')).toMatch(/^"login";r=4;/);
    expect((await logInFrom(client, '192.0.2.3', person)).status).toBe(200);
  });

  it('are forgotten by a login that goes right, as far as they came from there', async () => {
    const person = stranger();
    await register(client, person);
    for (let round = 0; round < 3; round++) {
      expect(await fail(person.email, '192.0.2.4', 1)).toEqual([401]);
      expect((await logInFrom(client, '192.0.2.4', person)).headers.get('ratelimit')).toMatch(/^"login";r=5;/);
    }
    for (let round = 0; round < 30; round++) expect((await logInFrom(client, '192.0.2.4', person)).status).toBe(200);
  });

  it('count for the account, wherever they come from', async () => {
    const person = stranger();
    await register(client, person);
    for (let i = 0; i < 5; i++) expect(await fail(person.email, `198.51.${i}.1`, 1)).toEqual([401]);
    expect((await logInFrom(client, '203.0.113.1', person)).status).toBe(429);
  });

  it('are the same for an address that has no account, byte for byte', async () => {
    const [known, unknown] = [stranger(), stranger()];
    await register(client, known);
    const tell = async (email: string, ip: string): Promise<unknown[]> => {
      const told: unknown[] = [];
      for (let i = 0; i < 7; i++) {
        const { status, headers, text } = await logInFrom(client, ip, wrong(email));
        const own = new Map(headers);
        for (const name of ['x-request-id', 'date', 'retry-after', 'ratelimit']) own.delete(name);
        told.push([status, [...own], [...headers.keys()], text.replace(/"requestId":"[^"]*"/, '')]);
      }
      return told;
    };
    expect(await tell(known.email, '192.0.2.5')).toEqual(await tell(unknown.email, '192.0.2.6'));
  });

  it('count for an address, whatever account they try, and for nobody else', async () => {
    const person = stranger();
    await register(client, person);
    for (let i = 0; i < 50; i++) expect(await fail(stranger().email, '192.0.2.7', 1)).toEqual([401]);
    expect(await fail(stranger().email, '192.0.2.7', 1)).toEqual([429]);
    expect((await logInFrom(client, '192.0.2.7', person)).status).toBe(429);
    expect((await logInFrom(client, '203.0.113.2', person)).status).toBe(200);
  });

  it('leave no trace when the guess was never looked at', async () => {
    const person = stranger();
    await register(client, person);
    const before = await service.database.query(`SELECT type, count(*) FROM audit_events GROUP BY type ORDER BY type`);
    await fail(person.email, '192.0.2.8', 5);
    await fail(person.email, '192.0.2.8', 20);
    const after = await service.database.query<{ type: string; count: string }>(
      `SELECT type, count(*) FROM audit_events GROUP BY type ORDER BY type`,
    );
    const counted = (rows: object[], type: string): number =>
      Number((rows as { type: string; count: string }[]).find((row) => row.type === type)?.count ?? 0);
    expect(counted(after, 'login_failed') - counted(before, 'login_failed')).toBe(5);
    expect(counted(after, 'login_limited') - counted(before, 'login_limited')).toBe(1);
  });

  it('ask the database nothing while they are known to be refused', async () => {
    const { email } = stranger();
    await fail(email, '192.0.2.9', 6);
    const asked = await countStatements(service.database, () => fail(email, '192.0.2.9', 20));
    expect(asked).toBe(0);
  });

  it('are no reason to refuse whoever is signed in already', async () => {
    const { accessToken, refreshToken } = await signedIn(client, grace);
    await fail(grace.email, '192.0.2.10', 6);
    const headers = { 'x-forwarded-for': '192.0.2.10' };
    expect((await client.get('/users/me', { bearer: accessToken, headers })).status).toBe(200);
    const refreshed = await client.post('/auth/refresh', { refreshToken }, { headers });
    expect(refreshed.status).toBe(200);
    expect(refreshed.headers.has('ratelimit')).toBe(false);
  });

  /** A hundred wrong guesses at one account, at once and in turn by each of the replicas. */
  const storm = async (replicas: readonly TestService[], address: (i: number) => string): Promise<void> => {
    const clients = replicas.map(({ url }) => new Client(url));
    const turn = (i: number): Client => clients[i % clients.length]!;
    // Every connection is open before: opening one takes longer than a guess.
    await Promise.all(Array.from({ length: 60 }, (_, i) => turn(i).get('/health/ready')));
    const person = stranger();
    await register(client, person);
    const told = new Map<number, number>();
    const lines = replicas.map(({ log }) => log.length);
    const hashes = await countHashes(replicas, () =>
      Promise.all(
        Array.from({ length: 100 }, async (_, i) => {
          const { status } = await logInFrom(turn(i), address(i), wrong(person.email));
          told.set(status, (told.get(status) ?? 0) + 1);
        }),
      ),
    );
    const [looked, refused, busy] = [401, 429, 503].map((status) => told.get(status) ?? 0) as [number, number, number];
    expect(looked + refused + busy).toBe(100);
    expect(looked).toBeGreaterThan(0);
    // A replica that a starved machine gives no database in time counts by itself, and says so.
    const counting = replicas.filter(({ log }, i) => /rate_limits_in_memory/.test(log.slice(lines[i]).join()));
    const most = 5 * (1 + counting.length);
    expect(looked).toBeLessThanOrEqual(most);
    // What found no free worker was not looked at, and another may come in its place.
    expect(hashes).toBeLessThanOrEqual(most + busy);
  };

  it('reach the hash five times, of 100 at once', async () => {
    await storm([service], () => '192.0.2.11');
  });

  it('reach the hash five times, of 100 at once over three replicas', async () => {
    const settings = { ...LIMITED, AUTH_SECRET: service.config.authSecrets[0]!.toString('base64url') };
    const others = await Promise.all([1, 2].map(() => startService({ settings, database: service.database })));
    try {
      await storm([service, ...others], (i) => `192.0.2.${12 + (i % 5)}`);
    } finally {
      await Promise.all(others.map((other) => other.stop()));
    }
  });
});
