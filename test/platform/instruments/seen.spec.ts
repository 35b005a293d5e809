import { createDatabase, type TestDatabase } from '../../support/database/database.js';
import { type Gate, openGate } from '../../support/database/gate.js';
import { Client } from '../../support/http/client.js';
import { logIn, type Person, register, stranger } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';
import { until } from '../../support/time/until.js';
import { scrape } from './support/scrape.js';

describe('what the service counts', () => {
  let database: TestDatabase;
  let gate: Gate;
  let service: TestService;
  let client: Client;
  let person: Person;

  beforeAll(async () => {
    database = await createDatabase();
    gate = await openGate(database.url);
    service = await startService({ database: { ...database, url: gate.url } });
    client = new Client(service.url);
    person = stranger();
    await register(client, person);
  });
  afterAll(async () => {
    await service.stop();
    await gate.stop();
    await database.drop();
  });

  /** By how much each of these grows while something is done. */
  const growth = async (names: string[], act: () => Promise<unknown>): Promise<number[]> => {
    const before = await scrape(service);
    await act();
    const after = await scrape(service);
    return names.map((name) => (after.series.get(name) ?? 0) - (before.series.get(name) ?? 0));
  };

  it('are logins by outcome, sessions opened and closed, and hashes', async () => {
    const names = [
      'auth_events_total{event="login_succeeded"}',
      'auth_events_total{event="login_failed"}',
      'auth_sessions_total{change="opened"}',
      'auth_sessions_total{change="closed"}',
      'auth_hashes_total{outcome="done"}',
      'auth_hash_wait_seconds_count',
    ];
    const grown = await growth(names, async () => {
      const { refreshToken } = await logIn(client, person);
      await client.post('/auth/login', { ...person, password: 'not this one' });
      await client.post('/auth/login', stranger());
      await client.post('/auth/logout', { refreshToken });
    });
    expect(grown).toEqual([1, 2, 1, 1, 3, 3]);
  });

  it('are refreshes by outcome, and reuse', async () => {
    const names = ['rotated', 'replayed', 'reused', 'refused'].map((o) => `auth_refreshes_total{outcome="${o}"}`);
    const reuse = 'auth_events_total{event="refresh_token_reuse"}';
    const grown = await growth([...names, reuse], async () => {
      const first = (await logIn(client, person)).refreshToken;
      const second = (await client.post('/auth/refresh', { refreshToken: first })).body.refreshToken;
      await client.post('/auth/refresh', { refreshToken: first });
      await client.post('/auth/refresh', { refreshToken: second });
      await client.post('/auth/refresh', { refreshToken: first });
      await client.post('/auth/refresh', { refreshToken: second });
    });
    expect(grown).toEqual([2, 1, 1, 1, 1]);
  });

  it('is nothing that was rolled back', async () => {
    await database.query(
      `ALTER TABLE audit_events ADD CONSTRAINT no_logout CHECK (type <> 'session_closed') NOT VALID`,
    );
    const { refreshToken } = await logIn(client, person);
    const grown = await growth(['auth_sessions_total{change="closed"}'], async () => {
      expect((await client.post('/auth/logout', { refreshToken })).status).toBe(500);
    });
    await database.query('ALTER TABLE audit_events DROP CONSTRAINT no_logout');
    expect(grown).toEqual([0]);
  });

  it('are requests by route, class of status, and code of the refusal', async () => {
    const names = [
      'auth_http_request_duration_seconds_count{method="GET",route="/users/me",status="4xx"}',
      'auth_http_refusals_total{route="/users/me",code="unauthenticated"}',
      'auth_http_refusals_total{route="/users/me",code="invalid_token"}',
      'auth_http_request_duration_seconds_count{method="GET",route="unmatched",status="4xx"}',
    ];
    const grown = await growth(names, async () => {
      await client.get('/users/me', { bearer: 'canary' });
      await client.get(`/canary-${Date.now()}`);
      await until(async () => (await scrape(service)).series.get('auth_http_requests_under_way') === 0);
    });
    expect([grown[1]! + grown[2]!, grown[0], grown[3]]).toEqual([1, 1, 1]);
    expect((await scrape(service)).text).not.toContain('canary');
  });

  it('are mails that went out, and those that wait', async () => {
    const sent = 'auth_jobs_total{queue="mail",outcome="done"}';
    const grown = await growth([sent], async () => {
      const other = stranger();
      await register(client, other);
      await service.mailbox.next({ to: other.email, template: 'verify_email' });
      await until(async () => (await scrape(service)).series.get('auth_jobs_waiting{queue="mail"}') === 0);
    });
    expect(grown[0]).toBeGreaterThan(0);
  });

  it('are connections of the pool, and trouble with the database by its kind', async () => {
    const { series } = await scrape(service);
    expect(series.get('auth_database_connections{state="idle"}')).toBeGreaterThan(0);
    const grown = await growth(['auth_database_trouble_total{kind="connection"}'], async () => {
      gate.shut();
      await client.get('/health/ready');
      gate.open();
    });
    expect(grown[0]).toBeGreaterThan(0);
    await until(async () => (await client.get('/health/ready')).status === 200);
  });

  it('are followers of the feed', async () => {
    const end = new AbortController();
    await fetch(`${service.url}/revocations`, { signal: end.signal });
    expect((await scrape(service)).series.get('auth_feed_listeners')).toBe(1);
    end.abort();
    await until(async () => (await scrape(service)).series.get('auth_feed_listeners') === 0);
  });

  it('tells which key signs since when, and when events were sealed', async () => {
    const { series } = await scrape(service);
    const now = Date.now() / 1000;
    for (const name of ['signing_key_activated', 'signing_keys_read', 'audit_sealed']) {
      const at = series.get(`auth_${name}_timestamp_seconds`) ?? NaN;
      expect([name, Math.abs(now - at) < 600]).toEqual([name, true]);
    }
  });

  it('grows by no label however many people come, and names nobody', async () => {
    const count = async (): Promise<number> => (await scrape(service)).series.size;
    const come = async (): Promise<void> => {
      const someone = stranger();
      await register(client, someone);
      const { refreshToken, accessToken } = await logIn(client, someone);
      await client.get('/users/me', { bearer: accessToken });
      await client.post('/auth/refresh', { refreshToken });
      await client.delete(`/sessions/${crypto.randomUUID()}`, { bearer: accessToken });
      await client.get(`/${crypto.randomUUID()}`);
    };
    await come();
    const before = await count();
    const people = 10;
    for (let i = 0; i < people; i++) await come();
    // What goes on beside, as a mail that is sent, may be seen for the first time.
    expect((await count()) - before).toBeLessThan(people / 2);
    expect((await scrape(service)).text).not.toMatch(/@|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });
});
