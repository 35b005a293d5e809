import type { Client } from '../support/http/client.js';
import { removeFolders } from '../support/embedded/embedded-clusters.js';
import { endPrograms } from '../support/processes/program.js';
import { type Person, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { millisOf, quickest } from '../support/time/quickest.js';
import { refresh } from '../support/sessions/refreshes.js';
import { until } from '../support/time/until.js';
import { GuardedApp } from '../processes/support/guarded-apps.js';
import { timed, type Timed, unavailable } from './support/answers.js';
import { type Fleet, startFleet } from './support/fleet.js';

const AT_ONCE_MILLIS = 1_000;
const WELL_AGAIN_MILLIS = 2_000;

describe('PostgreSQL stopped at once', () => {
  let fleet: Fleet;
  let app: GuardedApp;
  let person: Person;
  let tokens: Tokens;

  beforeAll(async () => {
    fleet = await startFleet();
    app = await GuardedApp.start(fleet.replicas[0]!.url);
    person = stranger();
    tokens = await signedIn(fleet.next(), person);
  });
  afterAll(async () => {
    await endPrograms();
    await fleet.stop();
    await removeFolders();
  });

  const needing = (client: Client): Promise<Timed>[] => [
    timed(() => client.post('/auth/register', stranger())),
    timed(() => client.post('/auth/login', person)),
    timed(() => refresh(client, tokens.refreshToken)),
    timed(() => client.post('/auth/logout', { refreshToken: tokens.refreshToken })),
    timed(() => client.get('/users/me', { bearer: tokens.accessToken })),
    timed(() => client.get('/sessions', { bearer: tokens.accessToken })),
    timed(() => client.get('/health/ready')),
  ];

  it('is told with 503 within 1 s where it is needed, and to nobody else, and all is well within 2 s of its return', async () => {
    const isWell = async (): Promise<void> => {
      for (const client of fleet.all) {
        await until(async () => (await client.get('/health/ready')).status === 200);
        expect((await client.post('/auth/login', person)).status).toBe(200);
      }
    };
    /** @returns what part of its limit either took, the larger of the two */
    const attempt = async (): Promise<number> => {
      await fleet.cluster.stopAtOnce();
      const answers = await Promise.all(fleet.all.flatMap(needing));
      const stillServed = await app.status(tokens);
      const others = fleet.all.flatMap((client) => [client.get('/health/live'), client.get('/.well-known/jwks.json')]);
      const statuses = (await Promise.all(others)).map(({ status }) => status);
      await fleet.cluster.startAgain();
      expect(answers).toEqual(answers.map(() => unavailable));
      for (const { headers } of answers) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect([stillServed, new Set(statuses)]).toEqual([200, new Set([200])]);
      const longest = Math.max(...answers.map(({ millis }) => millis));
      return Math.max(longest / AT_ONCE_MILLIS, (await millisOf(isWell)) / WELL_AGAIN_MILLIS);
    };
    expect(await quickest(1, attempt)).toBeLessThan(1);
    const next = await refresh(fleet.next(), tokens.refreshToken);
    expect(next.status).toBe(200);
    expect(fleet.replicas.map(({ hasEnded }) => hasEnded)).toEqual([false, false, false]);
  });

  it('while idle connections are terminated is not even noticed: the next call gets 200', async () => {
    for (let round = 0; round < 3; round += 1) {
      await fleet.cluster.terminateBackends();
      for (const client of fleet.all) {
        expect((await client.get('/users/me', { bearer: tokens.accessToken })).status).toBe(200);
        expect((await client.post('/auth/login', person)).status).toBe(200);
      }
    }
  });

  it('for good, while requests are under way, breaks none of them in another way than by 503', async () => {
    const asked: Promise<number>[] = [];
    let stopped = false;
    const ask = async (client: Client): Promise<void> => {
      while (!stopped) {
        const answer = client.get('/users/me', { bearer: tokens.accessToken }).then(({ status }) => status);
        asked.push(answer);
        await answer;
      }
    };
    const asking = fleet.all.flatMap((client) => [ask(client), ask(client), ask(client)]);
    await until(async () => asked.length > 100);
    await fleet.cluster.stopAtOnce();
    const beforeReturn = asked.length;
    await until(async () => asked.length > beforeReturn + 100);
    await fleet.cluster.startAgain();
    await until(async () => (await asked.at(-1)) === 200);
    stopped = true;
    await Promise.all(asking);
    expect([...new Set(await Promise.all(asked))].sort()).toEqual([200, 503]);
  });
});

describe('PostgreSQL that lets nobody in, or nobody write', () => {
  let fleet: Fleet;
  let person: Person;
  let tokens: Tokens;

  beforeAll(async () => {
    fleet = await startFleet();
    person = stranger();
    tokens = await signedIn(fleet.next(), person);
  });
  afterAll(() => fleet.stop());

  it('because it is a read-only database answers writes with 503 and reads as ever, and nothing is half done', async () => {
    await fleet.cluster.alter('SET default_transaction_read_only = on');
    const refused = stranger();
    for (const client of fleet.all) {
      expect(await client.post('/auth/register', refused)).toEqual(unavailable);
      expect(await client.post('/auth/login', person)).toEqual(unavailable);
      expect(await refresh(client, tokens.refreshToken)).toEqual(unavailable);
      expect(await client.post('/auth/logout', { refreshToken: tokens.refreshToken })).toEqual(unavailable);
      expect((await client.get('/users/me', { bearer: tokens.accessToken })).status).toBe(200);
    }
    await fleet.cluster.alter('SET default_transaction_read_only = off');
    expect((await fleet.next().post('/auth/register', refused)).status).toBe(201);
    expect((await refresh(fleet.next(), tokens.refreshToken)).status).toBe(200);
  });

  it('because there are too many clients answers 503 within 4 s, and serves as soon as they have gone', async () => {
    await fleet.cluster.alter('CONNECTION LIMIT 0'); // the same error as when all are taken
    const answers = await Promise.all(
      fleet.all.flatMap((client) => [
        timed(() => client.get('/users/me', { bearer: tokens.accessToken })),
        timed(() => client.post('/auth/login', person)),
        timed(() => client.get('/health/ready')),
      ]),
    );
    expect(answers).toEqual(answers.map(() => unavailable));
    for (const { millis } of answers) expect(millis).toBeLessThan(4_000);
    expect((await fleet.next().get('/health/live')).status).toBe(200);
    await fleet.cluster.alter('CONNECTION LIMIT -1');
    for (const client of fleet.all) expect((await client.post('/auth/login', person)).status).toBe(200);
  });
});
