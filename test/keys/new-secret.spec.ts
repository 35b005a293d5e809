import { randomBytes } from 'node:crypto';
import { KeyCommands } from '../../src/commands/keys/key-commands.service.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { type Answer, Client } from '../support/http/client.js';
import { type Person, register, stranger, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { refresh, times } from '../support/sessions/refreshes.js';
import { until } from '../support/time/until.js';

const newSecret = (): string => randomBytes(32).toString('base64url');
const [old, fresh] = [newSecret(), newSecret()];
const REPLICAS = 3;
const CUSTOMERS = 3;

describe('A new AUTH_SECRET on three replicas that restart one by one', () => {
  let database: TestDatabase;
  const replicas: TestService[] = [];
  const underWay = new Map<TestService, number>();
  const refused: string[] = [];
  let going = true;
  let turn = 0;
  let asked = 0;

  beforeAll(async () => {
    database = await createDatabase();
    for (let i = 0; i < REPLICAS; i += 1) replicas.push(await start(old));
  });
  afterAll(async () => {
    going = false;
    await Promise.all(replicas.map((replica) => replica.stop()));
    await database.drop();
  });

  const start = (AUTH_SECRET: string): Promise<TestService> => startService({ database, settings: { AUTH_SECRET } });
  /** Sends a request to the next of the replicas that the balancer knows, and expects it to be answered with 200. */
  async function ask(what: string, send: (client: Client) => Promise<Answer>): Promise<Answer> {
    const replica = replicas[(turn += 1) % replicas.length]!;
    underWay.set(replica, (underWay.get(replica) ?? 0) + 1);
    const answer = await send(new Client(replica.url));
    underWay.set(replica, underWay.get(replica)! - 1);
    asked += 1;
    if (answer.status !== 200) refused.push(`${what} ${answer.status} ${answer.text}`);
    return answer;
  }

  /** Each replica is taken from the balancer, ended, and replaced by one with the new setting, under load. */
  async function deploy(AUTH_SECRET: string): Promise<void> {
    for (let i = 0; i < REPLICAS; i += 1) {
      const leaving = replicas.shift()!;
      const started = start(AUTH_SECRET);
      await until(async () => !underWay.get(leaving));
      await leaving.stop();
      replicas.push(await started);
      const before = asked;
      await until(async () => asked >= before + 4 * CUSTOMERS);
    }
  }

  /** One session that goes on all the while, and a new login beside it. */
  async function oneCustomer(person: Person): Promise<void> {
    let tokens = (await ask('login', (client) => client.post('/auth/login', person))).body as unknown as Tokens;
    while (going) {
      const { accessToken: earlier, refreshToken } = tokens;
      await ask('/users/me', (client) => client.get('/users/me', { bearer: earlier }));
      tokens = (await ask('refresh', (client) => refresh(client, refreshToken))).body as unknown as Tokens;
      await ask('/users/me', (client) => client.get('/users/me', { bearer: earlier }));
      await ask('login', (client) => client.post('/auth/login', person));
    }
  }

  it('has no request refused, from the old one alone to the new one alone', async () => {
    const people = times(CUSTOMERS, stranger);
    for (const person of people) await register(new Client(replicas[0]!.url), person);
    const customers = people.map(oneCustomer);
    await deploy(`${old},${fresh}`);
    await deploy(`${fresh},${old}`);
    await expect(start(fresh)).rejects.toThrow(/AUTH_SECRET lacks the secret with the id/);
    const commands = replicas[0]!.app.get(KeyCommands, { strict: false });
    expect((await commands.run({ name: 'rewrap' }))[0]).toMatch(/: signing keys 2, password keys 1, jobs \d+\.$/);
    await deploy(fresh);
    going = false;
    await Promise.all(customers);
    expect(refused).toEqual([]);
    expect(asked).toBeGreaterThan(100);
    await expect(start(old)).rejects.toThrow(/AUTH_SECRET lacks the secret with the id/);
  });
});
