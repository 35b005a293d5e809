import { randomBytes } from 'node:crypto';
import { closeGracefully } from '../../src/platform/http/connections/shutdown.js';
import { DeadRevocations } from '../../src/revocations/dead-revocations.service.js';
import { sessionDigest } from '@auth-service/guard';
import { Client } from '../support/http/client.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { Follower } from './support/follower.js';
import { type Gate, openGate } from '../support/database/gate.js';
import { hold } from '../support/database/held.js';
import { claimsOf, signedIn } from '../support/people/people.js';
import { millisOf, quickest } from '../support/time/quickest.js';
import { answered } from '../support/sessions/refreshes.js';
import { startService, type TestService } from '../support/service/service.js';
import { until } from '../support/time/until.js';

const AUTH_SECRET = randomBytes(32).toString('base64url');

/** Sessions that were closed so many seconds ago, and that nobody notifies anyone of. */
const plant = (database: TestDatabase, count: number, secondsAgo: number): Promise<unknown> =>
  database.query(
    `INSERT INTO revocations (digest, closed_at)
     SELECT sha256(i::text::bytea), clock_timestamp() - make_interval(secs => $2) FROM generate_series(1, $1) i`,
    [count, secondsAgo],
  );

describe('The revocation feed', () => {
  let database: TestDatabase;
  let gate: Gate;
  let near: TestService;
  let far: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    gate = await openGate(database.url);
    near = await startService({ database, settings: { AUTH_SECRET } });
    far = await startService({ database: { ...database, url: gate.url }, settings: { AUTH_SECRET } });
  });
  afterAll(async () => {
    await far.stop();
    await near.stop();
    await gate.stop();
    await database.drop();
  });

  const logOut = ({ refreshToken }: { refreshToken: string }) =>
    new Client(near.url).post('/auth/logout', { refreshToken });

  it('forgets a session after 16 minutes, whatever the life of a token', async () => {
    const { accessToken } = await signedIn(new Client(near.url));
    const digest = sessionDigest(claimsOf(accessToken).sid as string);
    await database.query(
      `INSERT INTO revocations (digest, closed_at) VALUES (decode($1, 'base64'), now() - interval '958 seconds')`,
      [Buffer.from(digest, 'base64url').toString('base64')],
    );
    const ask = async () => (await new Client(far.url).get('/users/me', { bearer: accessToken })).status;
    await until(async () => (await ask()) === 401);
    expect((await new Client(far.url).get('/revocations?since=0')).text).toContain(digest);
    await until(async () => (await ask()) === 200);
    const follower = await (await Follower.open(far.url)).isCurrent();
    expect(follower.digests).not.toContain(digest);
    follower.leave();
  });

  it('is read again and again, should a notification be lost', async () => {
    const follower = await (await Follower.open(far.url)).isCurrent();
    await plant(database, 1, 0);
    const begun = performance.now();
    await until(async () => follower.entries.length === 1);
    expect(performance.now() - begun).toBeLessThan(7_500); // without the protection, more than 8 s
    follower.leave();
  });

  it('loses nothing when the listening connection is cut', async () => {
    const follower = await (await Follower.open(far.url)).isCurrent();
    const attempt = async (): Promise<number> => {
      const tokens = await signedIn(new Client(near.url));
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND query ~ '^LISTEN' AND pid <> pg_backend_pid()`,
      );
      await logOut(tokens);
      return follower.learns(tokens);
    };
    expect(await quickest(1_000, attempt)).toBeLessThan(1_000);
    follower.leave();
  });

  it('loses nothing while the database is away, says that it is behind, and catches up within 2 s', async () => {
    const follower = await (await Follower.open(far.url)).isCurrent();
    let beats = 0;
    let times = 0;
    const attempt = async (): Promise<number> => {
      times += 1;
      const tokens = await signedIn(new Client(near.url));
      gate.shut();
      try {
        await logOut(tokens);
        const behind = await until(async () => {
          const answer = await new Client(far.url).get('/revocations?since=0');
          return answer.status !== 200 && answer;
        });
        expect([behind.status, behind.body.code]).toEqual([503, 'feed_behind']);
        beats = follower.beats;
        const known = await Follower.open(far.url);
        await until(async () => known.entries.length >= follower.entries.length);
        expect(known.currents).toBe(0);
        expect(follower.beats).toBe(beats);
        known.leave();
      } finally {
        gate.open();
      }
      return follower.learns(tokens);
    };
    expect(await quickest(2_000, attempt)).toBeLessThan(2_000);
    expect((await new Client(far.url).get('/revocations?since=0')).status).toBe(200);
    expect(far.log.filter((line) => line.includes('revocations_not_read'))).toHaveLength(times);
    await until(async () => follower.beats > beats);
    follower.leave();
  });

  it('is cleared of what lives no more, by one replica at a time', async () => {
    await plant(database, 2_500, 961);
    const living = await database.query(`SELECT FROM revocations WHERE closed_at > now() - interval '960 seconds'`);
    const count = async () => (await database.query('SELECT FROM revocations')).length;
    const other = await hold(database);
    await other.run('SELECT pg_advisory_xact_lock(7265104)');
    await near.app.get(DeadRevocations, { strict: false }).clear();
    expect(await count()).toBeGreaterThanOrEqual(living.length + 2_500);
    await other.commit();
    for (const { app } of [near, far]) await app.get(DeadRevocations, { strict: false }).clear();
    expect(await count()).toBe(living.length);
  });
});

describe('A crowd of followers', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  const started: TestService[] = [];
  afterEach(async () => {
    for (const service of started.splice(0)) await service.stop();
  });
  afterAll(() => database.drop());

  const serve = async (settings: Record<string, string> = {}): Promise<TestService> => {
    const service = await startService({ database, settings: { AUTH_SECRET, ...settings } });
    started.push(service);
    return service;
  };
  const from = (service: TestService, address: string): Promise<Response> =>
    fetch(`${service.url}/revocations`, { headers: { 'x-forwarded-for': address } });

  it('of 1,000 from one address gets 20 streams, and hurts nobody', async () => {
    const service = await serve();
    const client = new Client(service.url);
    const tokens = await signedIn(client);
    const crowd = await Promise.all(Array.from({ length: 1_000 }, () => Follower.open(service.url)));
    const statuses = crowd.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    const refused = crowd.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(980);
    expect(refused[0]!.headers).toMatchObject({
      'retry-after': '10',
      'content-type': expect.stringContaining('problem'),
    });
    expect((await client.get('/revocations?since=0')).status).toBe(200);
    const ask = async () => expect((await client.get('/users/me', { bearer: tokens.accessToken })).status).toBe(200);
    expect(await quickest(500, () => millisOf(ask))).toBeLessThan(500);
    for (const follower of crowd) follower.leave();
    await until(async () => (await client.get('/health/live')).status === 200);
    const later = await until(async () => {
      const follower = await Follower.open(service.url);
      if (follower.status === 200) return follower;
      return void follower.leave();
    });
    later.leave();
  });

  it('is bounded for each address and in all, and who comes behind a trusted proxy is told apart', async () => {
    const limits = { REVOCATION_STREAMS: '3', REVOCATION_STREAMS_PER_ADDRESS: '2', TRUSTED_PROXIES: '127.0.0.1' };
    const service = await serve(limits);
    const codes: string[] = [];
    const held: Response[] = [];
    for (const address of ['2001:db8::1', '2001:db8::2', '2001:db8::3', '192.0.2.1', '192.0.2.2']) {
      const answer = await from(service, address);
      if (answer.status === 200) held.push(answer);
      codes.push(answer.status === 200 ? 'ok' : ((await answer.json()) as { code: string }).code);
    }
    expect(codes).toEqual(['ok', 'ok', 'too_many_streams', 'ok', 'feed_full']);
    for (const answer of held) await answer.body?.cancel();
  });

  it.each([
    ['a shutdown', ({ app }: TestService) => closeGracefully(app)],
    ['the end of the app', ({ app }: TestService) => app.close()],
  ])('does not delay %s, not even by one who does not read', async (_, close) => {
    const service = await serve();
    const followers = await Promise.all(Array.from({ length: 5 }, () => Follower.open(service.url)));
    for (const follower of followers) await follower.isCurrent();
    const stalled = await Follower.open(service.url);
    stalled.stall();
    const begun = performance.now();
    await close(service);
    expect(performance.now() - begun).toBeLessThan(7_500); // without the protection, more than 8 s
    for (const follower of followers) await follower.end();
    stalled.leave();
  });

  it('is given 100,000 entries each in parts, and who does not read is cut', async () => {
    await plant(database, 100_000, 0);
    const service = await serve();
    const slow = await Follower.open(service.url);
    slow.stall();
    const fast = await (await Follower.open(service.url)).isCurrent();
    expect(fast.entries).toHaveLength(100_000);
    const { body } = await answered(() => new Client(service.url).get('/revocations?since=0'));
    expect(body.items).toHaveLength(100_000);
    const cut = () => service.log.some((line) => line.includes('"route":"/revocations"') && line.includes('aborted'));
    await until(async () => cut());
    expect(fast.ended).toBe(false);
    fast.leave();
    slow.leave();
    const begun = performance.now();
    await service.app.close();
    expect(performance.now() - begun).toBeLessThan(7_500); // without the protection, more than 8 s
  });
});
