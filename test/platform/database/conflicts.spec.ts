import { Database } from '../../../src/platform/database/database.service.js';
import { isDatabaseTrouble, sqlState } from '../../../src/platform/database/trouble.js';
import { inRequest } from '../../../src/platform/request-context.js';
import { Client } from '../../support/http/client.js';
import { type Person, logIn, signedIn, stranger, type Tokens } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';
import { openSessions, sessionOf } from '../../support/sessions/sessions-seen.js';
import { scrape } from '../instruments/support/scrape.js';
import { millisOf, quickest } from '../../support/time/quickest.js';

const TRIES = 3;
const CONFLICTS = ['40P01', '40001'];

describe('What PostgreSQL undoes because others were in the way', () => {
  let service: TestService;
  let client: Client;
  let database: Database;
  let person: Person;
  let tokens: Tokens & { userId: string };

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    database = service.app.get(Database);
    // A sequence goes on counting where a transaction is undone.
    await service.database.query('CREATE SEQUENCE tries');
    await service.database.query(`
      CREATE FUNCTION stumble(times integer, state text) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('tries') <= times THEN RAISE EXCEPTION 'somebody is in the way' USING ERRCODE = state; END IF;
      END $$`);
    await service.database.query(`
      CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM stumble(TG_ARGV[0]::integer, TG_ARGV[1]); RETURN new; END $$`);
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    await service.database.query(`SELECT setval('tries', 1, false)`);
    person = stranger();
    tokens = await signedIn(client, person);
  });

  const tries = async (): Promise<number> => {
    const [row] = await service.database.query<{ count: number }>(
      'SELECT CASE WHEN is_called THEN last_value ELSE 0 END::integer AS count FROM tries',
    );
    return row!.count;
  };
  /** Every change of a row of this table fails so many times, in the middle of whatever it belongs to. */
  const stumbling = async (table: string, times: number, state: string, work: () => Promise<void>): Promise<void> => {
    await service.database.query(
      `CREATE TRIGGER stumble BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION stumble(${times}, '${state}')`,
    );
    await work().finally(() => service.database.query(`DROP TRIGGER stumble ON ${table}`));
  };
  const stumble = (times: number, state: string): Promise<unknown> =>
    database.query({ name: 'stumble', text: 'SELECT stumble($1, $2)' }, [times, state]);
  const changePassword = () => {
    const change = { currentPassword: person.password, newPassword: 'a password of another day' };
    return client.post('/users/me/password', change, { bearer: tokens.accessToken });
  };
  const events = (type: string): Promise<object[]> =>
    service.database.query('SELECT FROM audit_events WHERE type = $1 AND subject_id = $2', [type, tokens.userId]);
  const said = (type: string): number =>
    service.log.filter((line) => line.includes(`"event":"${type}"`) && line.includes(tokens.userId)).length;
  const errorOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (reason: unknown) => reason,
    );

  it.each(CONFLICTS)('is done again as a whole, and once (%s)', async (state) => {
    await logIn(client, person);
    await stumbling('credentials', TRIES - 1, state, async () => expect((await changePassword()).status).toBe(204));
    expect(await tries()).toBe(TRIES);
    expect(await openSessions(service.database, tokens.userId)).toBe(1);
    expect(await events('password_changed')).toHaveLength(1);
    expect([said('password_changed'), said('sessions_closed')]).toEqual([1, 1]);
    expect((await client.post('/auth/login', person)).status).toBe(401);
  });

  it.each(CONFLICTS)('is answered 503 when it does not end, with nothing done (%s)', async (state) => {
    await logIn(client, person);
    await stumbling('credentials', 100, state, async () => {
      const { status, body } = await changePassword();
      expect([status, body.code]).toEqual([503, 'database_unavailable']);
    });
    expect(await tries()).toBe(TRIES);
    expect(await openSessions(service.database, tokens.userId)).toBe(2);
    expect(await events('password_changed')).toHaveLength(0);
    expect([said('password_changed'), said('sessions_closed')]).toEqual([0, 0]);
    await logIn(client, person);
  });

  it.each(CONFLICTS)('is done again where it is one statement (%s)', async (state) => {
    await stumbling('sessions', TRIES - 1, state, async () => {
      const { refreshToken } = tokens;
      expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(200);
    });
    expect(await tries()).toBe(TRIES);
    expect(await sessionOf(service.database, tokens.refreshToken)).toMatchObject({ generation: 1, closed_at: null });
  });

  it('is done again by the outermost transaction alone', async () => {
    let [outer, inner] = [0, 0];
    const work = database.inTransaction(async () => {
      outer += 1;
      await database.inTransaction(async () => {
        inner += 1;
        await stumble(100, '40001');
      });
    });
    expect(sqlState(await errorOf(work))).toBe('40001');
    expect([outer, inner]).toEqual([TRIES, TRIES]);
  });

  it('leaves nothing to be done after the commit but by the try that is committed', async () => {
    const done: number[] = [];
    let tried = 0;
    await database.inTransaction(async () => {
      const mine = (tried += 1);
      database.afterCommit(() => done.push(mine));
      await stumble(1, '40P01');
    });
    expect(done).toEqual([2]);
  });

  it.each(['23505', '55P03', '57014', '08006', '53300', 'XX000'])(
    'is another thing than any other failure: %s is not tried again',
    async (state) => {
      expect(sqlState(await errorOf(stumble(100, state)))).toBe(state);
      expect(await tries()).toBe(1);
      expect(sqlState(await errorOf(database.inTransaction(() => stumble(100, state))))).toBe(state);
      expect(await tries()).toBe(2);
    },
  );

  it('is not done again past the deadline of the request', async () => {
    const attempt = async (): Promise<void> => {
      let tried = 0;
      const error = await inRequest({ requestId: 'slow', ip: null }, () =>
        errorOf(
          database.inTransaction(async () => {
            tried += 1;
            await database.query({ name: 'sleep', text: 'SELECT pg_sleep(1.8)' }, []);
            await stumble(100, '40P01');
          }),
        ),
      );
      expect(isDatabaseTrouble(error)).toBe(true);
      expect(tried).toBeLessThanOrEqual(2);
    };
    expect(await quickest(3_900, () => millisOf(attempt))).toBeLessThan(3_900);
  });

  it('is counted, apart from what could not be done in the end', async () => {
    const names = ['auth_database_retries_total', 'auth_database_trouble_total{kind="conflict"}'];
    const before = await scrape(service);
    await stumble(1, '40001');
    const after = await scrape(service);
    expect(names.map((name) => after.series.get(name)! - before.series.get(name)!)).toEqual([1, 0]);
  });
});
