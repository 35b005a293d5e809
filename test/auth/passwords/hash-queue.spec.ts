import { HashQueueFull } from '../../../src/auth/auth.errors.js';
import { HashPool } from '../../../src/auth/passwords/hashing/hash-pool.service.js';
import { inRequest } from '../../../src/platform/request-context.js';
import { hold } from '../../support/database/held.js';
import { Client } from '../../support/http/client.js';
import { register, signedIn, stranger } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';

describe('The hash queue', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: { BCRYPT_COST: '12' } });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  it('turns away at once whom it could not serve within a second, and leaves other routes alone', async () => {
    const person = stranger();
    await register(client, person);
    const { accessToken } = await signedIn(client);
    const pool = service.app.get(HashPool);
    const before = pool.jobs;
    const logins = Promise.all(Array.from({ length: 200 }, () => client.post('/auth/login', person)));
    expect((await client.get('/users/me', { bearer: accessToken })).status).toBe(200);
    const answers = await logins;
    const refused = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 200).length + refused.length).toBe(200);
    expect(refused.length).toBeGreaterThan(0); // how many, the time that all of them take to arrive decides
    // How many of these have a session in time is the machine's affair.
    expect(pool.jobs - before).toBeGreaterThan(0);
    expect(pool.jobs - before).toBeLessThan(200);
    for (const { body, headers } of refused) {
      // Those who do not even get a connection for the look-up in time are told so.
      expect(['busy', 'database_unavailable']).toContain(body.code);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await client.post('/auth/login', person)).status).toBe(200);
  });

  it('takes about a second of work and no more, whatever the database does', async () => {
    const pool = service.app.get(HashPool);
    const before = pool.jobs;
    const answers = await Promise.allSettled(Array.from({ length: 300 }, () => pool.hash('a password', 13)));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused.every(({ reason }) => reason instanceof HashQueueFull)).toBe(true);
    expect(refused.length).toBeGreaterThan(200);
    expect(pool.jobs - before).toBe(300 - refused.length);
    expect(pool.jobs).toBeGreaterThan(before);
  });

  it('gives up a job of whoever has the most for somebody from another network', async () => {
    const pool = service.app.get(HashPool);
    const hashFrom = (ip: string): Promise<string> =>
      inRequest({ requestId: 'one', ip }, () => pool.hash('a password', 10));
    const start = pool.jobs;
    const flood = Promise.allSettled(Array.from({ length: 1_000 }, () => hashFrom('203.0.113.7')));
    expect(() => inRequest({ requestId: 'one', ip: '203.0.113.7' }, () => pool.requireRoom())).toThrow(HashQueueFull);
    inRequest({ requestId: 'one', ip: '198.51.100.9' }, () => pool.requireRoom());
    const before = pool.jobs;
    const one = hashFrom('198.51.100.9');
    const neighbour = hashFrom('203.0.113.8');
    expect(pool.jobs - before).toBe(2);
    expect(await one).toMatch(/^\$2b\$10\$/);
    expect(await neighbour).toMatch(/^\$2b\$10\$/);
    const given = await flood;
    expect(given.filter(({ status }) => status === 'fulfilled')).toHaveLength(before - start - 2); // two gave way
  });

  it('takes a job for an unknown address like for a known one', async () => {
    const pool = service.app.get(HashPool);
    const before = pool.jobs;
    await client.post('/auth/login', stranger());
    expect(pool.jobs - before).toBe(1);
  });
});

describe('A full hash queue', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: { RATE_LIMITS: 'on' } });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  it.each(['/auth/login', '/auth/register'])('turns people away from %s before the database is asked', async (path) => {
    const held = await hold(service.database);
    await held.run('LOCK TABLE users, rate_limits IN ACCESS EXCLUSIVE MODE');
    const pool = service.app.get(HashPool);
    const full = inRequest({ requestId: 'one', ip: '127.0.0.1' }, () =>
      Promise.allSettled(Array.from({ length: 300 }, () => pool.hash('a password', 15))),
    );
    try {
      expect(await client.post(path, stranger())).toMatchObject({ status: 503, body: { code: 'busy' } });
    } finally {
      await held.rollBack();
      await full;
    }
  });

  it('does not tell all whom it turns away to come back in the same second', async () => {
    const pool = service.app.get(HashPool);
    const full = inRequest({ requestId: 'one', ip: '127.0.0.1' }, () =>
      Promise.allSettled(Array.from({ length: 300 }, () => pool.hash('a password', 15))),
    );
    const answers = await Promise.all(Array.from({ length: 40 }, () => client.post('/auth/login', stranger())));
    const told = answers.filter(({ status }) => status === 503).map(({ headers }) => headers.get('retry-after'));
    expect(new Set(told).size).toBeGreaterThan(1);
    await full;
  });
});
