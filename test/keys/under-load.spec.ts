import { Client } from '../support/http/client.js';
import { KeyRotation } from '../../src/keys/rotation/key-rotation.service.js';
import { logIn, signedIn, stranger, register, type Tokens } from '../support/people/people.js';
import { refresh, times } from '../support/sessions/refreshes.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import { type AppOfKeys, startAppOfKeys } from './support/guarded-app.js';
import { kidOf, letPass, publishedBy, signerOf, untilFollowed } from './support/keys.js';

const ROUNDS = 10;

describe('Signing keys that rotate ten times under load', () => {
  let replicas: Replicas;
  let app: AppOfKeys;
  let going = true;
  /** What was asked with a token whose key is neither removed nor revoked. */
  const refused: string[] = [];
  let asked = 0;

  beforeAll(async () => {
    replicas = await startReplicas({}, 3);
    app = await startAppOfKeys(replicas.services[1]!.url);
  });
  afterAll(async () => {
    await app.stop();
    await replicas.stop();
  });

  /** Whoever takes access tokens: every replica, and an app of others. */
  const takers = (): [Client, string][] => [
    ...replicas.all.map((client): [Client, string] => [client, '/users/me']),
    [app.client, '/notes'],
  ];

  async function passTime(minutes: number): Promise<void> {
    await letPass(replicas.database, `${minutes} minutes`);
    app.letPass(minutes);
  }

  /** Logs in, refreshes, and uses every token everywhere, until it is told to stop. */
  async function oneCustomer(): Promise<void> {
    const person = stranger();
    await register(replicas.next(), person);
    while (going) {
      let tokens = await logIn(replicas.next(), person);
      for (let i = 0; i < 5; i += 1) {
        await use(tokens);
        const answer = await refresh(replicas.next(), tokens.refreshToken);
        if (answer.status !== 200) refused.push(`refresh ${answer.status}`);
        tokens = answer.body as unknown as Tokens;
      }
    }
  }

  async function use({ accessToken }: Tokens): Promise<void> {
    for (const [client, path] of takers()) {
      const { status, text } = await client.get(path, { bearer: accessToken });
      asked += 1;
      if (status !== 200) refused.push(`${path} ${status} ${text} ${signerOf(accessToken)}`);
    }
  }

  it('let none of three replicas and no guarded app refuse a valid token, or accept one of a removed or revoked key', async () => {
    const customers = times(4, () => oneCustomer());
    const rotations = replicas.services.map(({ app }) => app.get(KeyRotation, { strict: false }));
    const ended: Tokens[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      ended.push(await signedIn(replicas.next()));
      const before = asked;
      await passTime(16);
      await rotations[round % rotations.length]!.rotate();
      for (const client of replicas.all) await untilFollowed(client, replicas.database);
      while (asked < before + 20 && refused.length === 0) await use(await signedIn(replicas.next()));
    }
    going = false;
    await Promise.all(customers);
    expect(refused).toEqual([]);
    expect(asked).toBeGreaterThan(ROUNDS * 20);
    expect(new Set(ended.map(({ accessToken }) => signerOf(accessToken))).size).toBe(ROUNDS);

    await passTime(16.5);
    await rotations[0]!.keep();
    await rotations[1]!.revoke(await kidOf(replicas.database, 'signing'));
    for (const client of replicas.all) await untilFollowed(client, replicas.database);
    app.letPass(6); // it may keep what was published for 5
    const left = await publishedBy(replicas.all[0]!);
    for (const { accessToken } of ended) {
      expect(left).not.toContain(signerOf(accessToken));
      for (const [client, path] of takers()) {
        expect((await client.get(path, { bearer: accessToken })).status).toBe(401);
      }
    }
  });
});
