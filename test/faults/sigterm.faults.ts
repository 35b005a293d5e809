import { setTimeout as pause } from 'node:timers/promises';
import { hold, untilWaiting } from '../support/database/held.js';
import type { Answer, Client } from '../support/http/client.js';
import { crowd, type Member } from '../support/people/crowd.js';
import { signedIn, stranger } from '../support/people/people.js';
import { refresh, times } from '../support/sessions/refreshes.js';
import { until } from '../support/time/until.js';
import { type Balancer, startBalancer } from './support/balancer.js';
import { type Fleet, startFleet } from './support/fleet.js';
import type { Replica } from './support/replica.js';

const LIMIT_MILLIS = 10_000;

interface Load {
  over: boolean;
  wrong: string[];
  done: number;
}

describe('SIGTERM under load behind a balancer', () => {
  let fleet: Fleet;
  let balancer: Balancer;

  beforeAll(async () => {
    fleet = await startFleet({ settings: { SHUTDOWN_DELAY_SECONDS: '2' } });
    balancer = await startBalancer(fleet.replicas);
  });
  afterAll(async () => {
    await balancer.stop();
    await fleet.stop();
  });

  /** Goes on until told to stop; what is no answer, or another than is due, is what this is about. */
  const use = async (client: Client, { person }: Member, load: Load): Promise<void> => {
    const due = async (status: number, asked: Promise<Answer>): Promise<Answer> => {
      const answer = await asked;
      if (answer.status !== status) throw new Error(`${answer.status} ${answer.text}`);
      load.done += 1;
      return answer;
    };
    while (!load.over) {
      try {
        const { body } = await due(200, client.post('/auth/login', person));
        let { refreshToken } = body;
        for (let turn = 0; turn < 10; turn += 1) {
          await due(200, client.get('/users/me', { bearer: String(body.accessToken) }));
          ({ refreshToken } = (await due(200, refresh(client, refreshToken))).body);
        }
        await due(204, client.post('/auth/logout', { refreshToken }));
      } catch (error) {
        load.wrong.push(String(error));
      }
    }
  };

  /** What it tells a balancer from the signal on, as long as it is there to ask. */
  const readinessOf = async ({ client }: Replica): Promise<(number | 'gone')[]> => {
    const seen: (number | 'gone')[] = [];
    while (seen.at(-1) !== 'gone') {
      await pause(20);
      seen.push(
        await client.get('/health/ready').then(
          ({ status }) => status,
          () => 'gone',
        ),
      );
    }
    return seen;
  };

  const endUnder = async (load: Load, replica: Replica): Promise<void> => {
    const before = load.done;
    await until(async () => load.done > before + 100);
    const begun = performance.now();
    const ended = replica.kill('SIGTERM');
    const seen = await readinessOf(replica);
    expect(await ended).toBe(0);
    expect(performance.now() - begun).toBeLessThan(LIMIT_MILLIS);
    expect(seen).toContain(503);
    expect(seen.slice(seen.indexOf(503)).filter((status) => status === 200)).toEqual([]);
    replica.startAgain();
    await replica.ready();
  };

  it('has each replica in turn not ready first, and then gone within 10 s, with 0 failed requests', async () => {
    const load: Load = { over: false, wrong: [], done: 0 };
    const members = await crowd(balancer.client, fleet.database, 8);
    const using = members.map((member) => use(balancer.client, member, load));
    try {
      for (const replica of fleet.replicas) await endUnder(load, replica);
    } finally {
      load.over = true;
      await Promise.all(using);
    }
    expect(load.wrong).toEqual([]);
  }, 120_000);

  it('answers every request in flight', async () => {
    const replica = fleet.replicas[0]!;
    const people = await Promise.all(times(5, () => signedIn(replica.client)));
    const held = await hold(fleet.database);
    await held.run('SELECT FROM sessions FOR UPDATE');
    const asked = people.map(({ refreshToken }) => refresh(replica.client, refreshToken));
    const loggingIn = times(5, () => replica.client.post('/auth/login', stranger()));
    await untilWaiting(fleet.database, 5);
    const ended = replica.kill('SIGTERM');
    await until(async () => (await replica.client.get('/health/ready')).status === 503);
    await held.rollBack();
    for (const answer of await Promise.all(asked))
      expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    for (const answer of await Promise.all(loggingIn)) expect(answer.status).toBe(401);
    expect(await ended).toBe(0);
    replica.startAgain();
    await replica.ready();
    expect((await replica.client.post('/auth/login', await newcomer(replica.client))).status).toBe(200);
  });

  const newcomer = async (client: Client) => {
    const person = stranger();
    expect((await client.post('/auth/register', person)).status).toBe(201);
    return person;
  };
});
