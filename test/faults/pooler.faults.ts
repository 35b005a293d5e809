import { randomBytes } from 'node:crypto';
import { hold } from '../support/database/held.js';
import { signedIn, stranger } from '../support/people/people.js';
import { refresh, statusesOf, times } from '../support/sessions/refreshes.js';
import { sessionOf } from '../support/sessions/sessions-seen.js';
import { until } from '../support/time/until.js';
import { timed, unavailable } from './support/answers.js';
import { Cluster } from './support/cluster.js';
import { CHEAP_HASHES, type Fleet, ISSUER, startFleet } from './support/fleet.js';
import { type Pooler, startPooler } from './support/pooler.js';
import { Replica } from './support/replica.js';

describe('Behind PgBouncer in transaction mode', () => {
  let cluster: Cluster;
  let pooler: Pooler;
  let fleet: Fleet;
  let settings: Record<string, string>;

  beforeAll(async () => {
    cluster = await Cluster.start();
    pooler = await startPooler(cluster);
    settings = {
      ...CHEAP_HASHES,
      DATABASE_URL: pooler.url,
      DATABASE_DIRECT_URL: cluster.url,
      PREPARED_STATEMENTS: 'off', // Debian 12 has 1.18
      AUTH_SECRET: randomBytes(32).toString('base64url'),
      ISSUER_URL: ISSUER,
    };
  });
  afterAll(async () => {
    await pooler.stop();
    await fleet.stop();
  });

  it('a replica refuses to start while the role carries no time limits, and says how to give them', async () => {
    const replica = await Replica.launch(settings);
    const said = await until(async () => {
      const limits = [...replica.output.matchAll(/ALTER ROLE CURRENT_USER (SET \w+ = '\w+');/g)];
      return limits.length === 3 && limits;
    }, 40_000);
    await until(async () => replica.hasEnded);
    expect(await replica.kill('SIGKILL')).toBe(1);
    for (const [, limit] of said) await cluster.database.query(`ALTER ROLE auth ${limit}`);
    await cluster.terminateBackends(); // those of the pooler are of before
  });

  it('three replicas serve: 50 parallel refreshes with one token get one successor, and a chain goes round', async () => {
    fleet = await startFleet({ cluster, settings });
    const { refreshToken } = await signedIn(fleet.next());
    const answers = await Promise.all(times(50, () => refresh(fleet.next(), refreshToken)));
    expect(statusesOf(answers)).toEqual([200]);
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    let newest = answers[0]!.body.refreshToken;
    for (let i = 0; i < 60; i += 1) {
      const answer = await refresh(fleet.next(), newest);
      expect(answer.status).toBe(200);
      newest = answer.body.refreshToken;
    }
    expect(await sessionOf(fleet.database, refreshToken)).toMatchObject({ generation: 61, closed_at: null });
  });

  it('a locked table is given up within 4 s, by the limits that the role carries', async () => {
    const { refreshToken } = await signedIn(fleet.next());
    const held = await hold(fleet.database);
    await held.run('LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE');
    const answers = await Promise.all(fleet.all.map((client) => timed(() => refresh(client, refreshToken))));
    await held.rollBack();
    expect(answers).toEqual(answers.map(() => unavailable));
    for (const { millis } of answers) expect(millis).toBeLessThan(4_000);
    expect((await refresh(fleet.next(), refreshToken)).status).toBe(200);
  });

  it('PostgreSQL stopped at once is answered 503, and well again within seconds of its return', async () => {
    const person = stranger();
    const { refreshToken } = await signedIn(fleet.next(), person);
    await cluster.stopAtOnce();
    const answers = await Promise.all(fleet.all.map((client) => timed(() => refresh(client, refreshToken))));
    expect(answers).toEqual(answers.map(() => unavailable));
    for (const { millis } of answers) expect(millis).toBeLessThan(4_000); // the pooler waits before it says so
    await cluster.startAgain();
    for (const client of fleet.all) {
      await until(async () => (await client.get('/health/ready')).status === 200, 20_000);
      expect((await client.post('/auth/login', person)).status).toBe(200);
    }
    expect((await refresh(fleet.next(), refreshToken)).status).toBe(200);
  });

  it('a pooler that dies is answered 503', async () => {
    const { accessToken } = await signedIn(fleet.next());
    await pooler.stop();
    for (const client of fleet.all) expect(await client.get('/users/me', { bearer: accessToken })).toEqual(unavailable);
    expect((await fleet.next().get('/health/live')).status).toBe(200);
  });
});
