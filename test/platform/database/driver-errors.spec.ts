import type { Socket } from 'node:net';
import { DataSource } from 'typeorm';
import type { Config } from '../../../src/platform/config/config.js';
import { servingOptions } from '../../../src/platform/database/connections/data-source-options.js';
import { Database } from '../../../src/platform/database/database.service.js';
import { isDatabaseTrouble } from '../../../src/platform/database/trouble.js';
import { Metrics } from '../../../src/platform/instruments/metrics.js';
import { inRequest } from '../../../src/platform/request-context.js';
import { createDatabase, type TestDatabase } from '../../support/database/database.js';
import { type Gate, openGate } from '../../support/database/gate.js';
import { hold, untilWaiting } from '../../support/database/held.js';
import {
  answer,
  answerQueries,
  answerThenReset,
  closeStrangeServers,
  message,
  strangeServer,
} from '../support/strange-server.js';

const ONE = { name: 'one', text: 'SELECT 1' };

describe('What the driver says', () => {
  let database: TestDatabase;
  let gate: Gate;
  const sources: DataSource[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    gate = await openGate(database.url);
  });
  afterEach(async () => {
    gate.open();
    for (const source of sources.splice(0)) if (source.isInitialized) await source.destroy();
    closeStrangeServers();
  });
  afterAll(async () => {
    await gate.stop();
    await database.drop();
  });

  /** The service's own way to a database, which need not be there. */
  const wayTo = (databaseUrl: string): { source: DataSource; way: Database } => {
    const config = { databaseUrl, databasePoolSize: 2, databasePooled: false, preparedStatements: true } as Config;
    const source = new DataSource(servingOptions(config));
    sources.push(source);
    return { source, way: new Database(source, config, new Metrics()) };
  };
  const connected = async (): Promise<{ source: DataSource; way: Database }> => {
    const there = wayTo(gate.url);
    await there.source.initialize();
    return there;
  };
  const reasonOf = async (work: Promise<unknown>): Promise<unknown> => {
    const done = Symbol('done');
    const reason: unknown = await work.then(() => done).catch((error: unknown) => error);
    expect(reason).not.toBe(done);
    return reason;
  };
  const expectTrouble = async (work: Promise<unknown>): Promise<void> => {
    const error = await reasonOf(work);
    expect({ error, trouble: isDatabaseTrouble(error) }).toEqual({ error, trouble: true });
  };
  it.each<[string, (socket: Socket) => unknown, string?]>([
    ['hangs up at once', (socket) => socket.destroy()],
    ['resets at once', (socket) => socket.resetAndDestroy()],
    ['hangs up on the greeting', (socket) => socket.once('data', () => socket.end())],
    ['resets on the greeting', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['says nothing', () => undefined],
    ['speaks HTTP', answer('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['wants a mechanism that nobody knows', answer(message('R', 10, 'SCRAM-SHA-1024\0', '\0'))],
    ['has no TLS', answer('N'), '?sslmode=require'],
    ['cannot begin TLS', answer('E'), '?sslmode=require'],
    ['hangs up under TLS', (socket) => socket.once('data', () => socket.end('S')), '?sslmode=require'],
    ['resets under TLS', answerThenReset, '?sslmode=require'],
    ['speaks no TLS under TLS', answer('Snonsense that is no handshake'), '?sslmode=require'],
  ])('of a server that %s is trouble with the database', async (_what, act, settings = '') => {
    await expectTrouble(wayTo((await strangeServer(act)) + settings).source.initialize());
  });

  it.each<[string, (socket: Socket) => void]>([
    ['hangs up on a query', (socket) => socket.end()],
    ['resets on a query', (socket) => socket.resetAndDestroy()],
    ['answers with half a message', (socket) => socket.end(message('D', 'half').subarray(0, 6))],
    ['answers with what was not asked', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('of a server that %s is trouble with the database', async (_what, act) => {
    const { source, way } = wayTo(await strangeServer(answerQueries(act)));
    await expectTrouble(
      source.initialize().then(() => inRequest({ requestId: 'a', ip: null }, () => way.query(ONE, []))),
    );
  });

  it('where nobody listens, at one address or at each of a name, is trouble with the database', async () => {
    const url = new URL(await strangeServer(() => undefined));
    closeStrangeServers();
    await expectTrouble(wayTo(url.href).source.initialize());
    url.hostname = 'localhost';
    await expectTrouble(wayTo(url.href).source.initialize());
    url.hostname = 'nobody.invalid';
    await expectTrouble(wayTo(url.href).source.initialize());
  });

  it('without a password where one is asked for is trouble with the database', async () => {
    const url = new URL(gate.url);
    url.password = '';
    await expectTrouble(wayTo(url.href).source.initialize());
  });

  it('of a connection that was cut while idle is trouble with the database, in a transaction and out of one', async () => {
    const { way } = await connected();
    for (const work of [
      () => way.query(ONE, []),
      () => way.manager.query('SELECT 1'),
      () => way.inTransaction(() => way.query(ONE, [])),
    ]) {
      await work();
      gate.shut(); // heard of only after the statement is on its way
      await expectTrouble(work());
      await expectTrouble(work());
      gate.open();
    }
  });

  it('of a connection that is cut under a query is trouble with the database, in a transaction and out of one', async () => {
    const { way } = await connected();
    const held = await hold(database);
    await held.run('LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
    const read = { name: 'read', text: 'SELECT FROM users' };
    try {
      for (const work of [() => way.query(read, []), () => way.inTransaction(() => way.query(read, []))]) {
        const asked = reasonOf(work());
        await untilWaiting(database, 1);
        gate.shut();
        expect(isDatabaseTrouble(await asked)).toBe(true);
        gate.open();
      }
    } finally {
      await held.rollBack();
    }
  });

  it.each<[string, (way: Database) => Promise<unknown>]>([
    ['a prepared statement', (way) => way.query(ONE, [])],
    ['TypeORM', (way) => way.manager.query('SELECT 1')],
  ])(
    'by %s, of a transaction that was cut between two statements, is trouble with the database',
    async (_what, ask) => {
      const { way } = await connected();
      for (const cut of [async () => gate.shut(), endBackends]) {
        const again = way.inTransaction(async () => {
          await ask(way);
          await cut();
          await ask(way).catch(() => undefined); // what the first says may be another thing than what the next says
          await ask(way);
        });
        await expectTrouble(again);
        gate.open();
      }
    },
  );

  it('of a commit that was cut is trouble with the database', async () => {
    const { way } = await connected();
    await expectTrouble(
      way.inTransaction(async () => {
        await way.query(ONE, []);
        gate.shut();
      }),
    );
  });

  it('once the pool has ended is trouble with the database', async () => {
    const { source, way } = await connected();
    const ended = source.destroy();
    await expectTrouble(way.query(ONE, []));
    await expectTrouble(way.inTransaction(() => way.query(ONE, [])));
    await ended;
    await expectTrouble(way.query(ONE, []));
    await expectTrouble(way.inTransaction(() => way.query(ONE, [])));
    await expectTrouble(way.manager.query('SELECT 1'));
  });

  async function endBackends(): Promise<void> {
    const drained = gate.drained();
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'auth-service'`,
    );
    await drained;
  }
});
