import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import pg from 'pg';
import { Client } from '../support/http/client.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { type Gate, openGate } from '../support/database/gate.js';
import { hold, untilWaiting } from '../support/database/held.js';
import { register, stranger } from '../support/people/people.js';
import { times } from '../support/sessions/refreshes.js';
import { startService, type TestService } from '../support/service/service.js';
import { contentOf, sessionOf } from '../support/sessions/sessions-seen.js';
import { InvalidRefreshToken } from '../../src/sessions/sessions.errors.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';

interface Sent {
  name?: string;
  values?: unknown[];
}

describe('Refreshes that arrive together', () => {
  let database: TestDatabase;
  let gate: Gate;
  let service: TestService;
  let sessions: SessionsService;
  const tokens: string[] = [];
  const query = jest.spyOn(pg.Client.prototype, 'query'); // before the service has any connection

  beforeAll(async () => {
    database = await createDatabase();
    gate = await openGate(database.url);
    const settings = { DATABASE_URL: gate.url, REFRESH_REUSE_SECONDS: '0' };
    service = await startService({ database, settings });
    sessions = service.app.get(SessionsService, { strict: false });
    const person = stranger();
    const user = {
      id: await register(new Client(service.url), person),
      role: 'user',
      sessionEpoch: 0,
      emailVerified: false,
    };
    const open = () =>
      sessions.open(
        { ...user, email: person.email },
        { ip: null, userAgent: null },
        { id: randomBytes(16), isNew: true },
      );
    // In turn: outside a request nobody waits long for a connection.
    for (let i = 0; i < 64; i++) tokens.push((await open())!.refreshToken);
  });
  afterAll(async () => {
    await service.stop();
    await gate.stop();
    await database.drop();
    query.mockRestore();
  });
  beforeEach(() => void query.mockClear());

  const refresh = async (i: number): Promise<void> => {
    tokens[i] = (await sessions.refresh(tokens[i]!)).refreshToken;
  };
  const idOf = (i: number): string => contentOf(tokens[i]).sessionId;
  /** How many each statement of that name was to rotate. */
  const sent = (name = 'session_rotate_together'): number[] =>
    query.mock.calls
      .map(([one]) => one as unknown as Sent)
      .filter((one) => one.name === name)
      .map(({ values }) => [values?.[0]].flat().length);

  it('travel in two statements when there are sixty-four', async () => {
    await Promise.all(times(64, refresh));
    expect(sent()).toEqual([32, 32]);
    expect(sent('session_rotate')).toEqual([]);
    for (const token of tokens) {
      const { sessionId, ...content } = contentOf(token);
      expect(await sessionOf(database, token)).toMatchObject({ id: sessionId, ...content, closed_at: null });
    }
  });

  it('wait for the next statement while two are under way, and then are answered', async () => {
    const held = await hold(database);
    await held.run('LOCK TABLE sessions IN EXCLUSIVE MODE');
    const asked = [];
    for (let i = 0; i < 40; i += 1) {
      asked.push(refresh(i));
      await nextTurn();
    }
    await untilWaiting(database, 2);
    expect(sent()).toHaveLength(2);
    await held.commit();
    await Promise.all(asked);
    const groups = sent();
    expect(groups.slice(2)).toHaveLength(2);
    expect(groups.reduce((sum, size) => sum + size, 0)).toBe(40);
  });

  it('are answered while the row of a neighbour is held, which is answered afterwards', async () => {
    const held = await hold(database);
    await held.run('SELECT FROM sessions WHERE id = $1 FOR UPDATE', [idOf(3)]);
    const [first, second, third, stalled, ...others] = times(16, refresh);
    await Promise.all([first, second, third, ...others]);
    await untilWaiting(database, 1);
    await held.commit();
    await stalled;
    expect(sent()).toEqual([16]);
    expect(sent('session_rotate')).toHaveLength(1);
  });

  it('do not stall whoever comes after, however many rows are held', async () => {
    const held = await hold(database);
    await held.run('SELECT FROM sessions WHERE id = ANY ($1) FOR UPDATE', [[idOf(0), idOf(1), idOf(2), idOf(3)]]);
    const stalled = [];
    for (let i = 0; i < 4; i += 1) {
      stalled.push(refresh(i));
      await nextTurn();
    }
    await untilWaiting(database, 4);
    await refresh(4);
    await held.commit();
    await Promise.all(stalled);
  });

  it('do not fail because one of them does', async () => {
    await database.query(`
      CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$`);
    await database.query(`
      CREATE TRIGGER poisoned BEFORE UPDATE ON sessions FOR EACH ROW WHEN (OLD.id = '${idOf(5)}') EXECUTE FUNCTION poison()`);
    try {
      const outcomes = await Promise.allSettled(times(16, refresh));
      const failed = outcomes.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []));
      expect(failed).toEqual([5]);
    } finally {
      await database.query('DROP FUNCTION poison() CASCADE');
    }
    await refresh(5);
  });

  it('are each decided on their own', async () => {
    const used = tokens[7]!;
    await refresh(7);
    const [, reused] = await Promise.allSettled([refresh(6), sessions.refresh(used), refresh(8)]);
    expect(reused).toEqual({ status: 'rejected', reason: expect.any(InvalidRefreshToken) });
    expect(await sessionOf(database, used)).toMatchObject({ close_reason: 'refresh_token_reuse' });
    await Promise.all([refresh(6), refresh(8)]);
  });

  it('let one through when all bring the same token', async () => {
    const token = tokens[9]!;
    const outcomes = await Promise.allSettled(times(20, () => sessions.refresh(token)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(Math.max(...sent())).toBe(1);
  });

  it('are not rotated once more when nobody knows whether they were', async () => {
    const held = await hold(database);
    await held.run('LOCK TABLE sessions IN EXCLUSIVE MODE');
    const asked = Promise.allSettled(times(4, (i) => sessions.refresh(tokens[10 + i]!)));
    await untilWaiting(database, 1);
    gate.shut();
    const outcomes = await asked;
    gate.open();
    await held.rollBack();
    expect(outcomes.map(({ status }) => status)).toEqual(times(4, () => 'rejected'));
    expect(sent('session_rotate')).toEqual([]);
    expect(sent('session_judge')).toEqual([]);
  });
});
