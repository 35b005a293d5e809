import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PasswordsService } from '../../src/auth/passwords/passwords.service.js';
import { type Answer, Client } from '../support/http/client.js';
import { register, signedIn, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { quickest } from '../support/time/quickest.js';
import { LIMITED, logInFrom } from './support/guessing.js';

describe('Passwords that come at once', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: LIMITED });
    client = new Client(service.url);
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => service.stop());

  /** Ten at once, of which those that are let in are looked at once the others were answered. @returns these, and then those */
  const tenAtOnce = async (send: () => Promise<Answer>): Promise<[refused: Answer[], looked: Answer[]]> => {
    const passwords = service.app.get(PasswordsService);
    const verify = passwords.verify.bind(passwords);
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    jest.spyOn(passwords, 'verify').mockImplementation(async (...guess) => {
      await gate;
      return verify(...guess);
    });
    const refused: Answer[] = [];
    const all = Array.from({ length: 10 }, async () => {
      const answer = await send();
      if (answer.status === 429 && refused.push(answer) === 5) open();
      return answer;
    });
    const answers = await Promise.all(all);
    return [refused, answers.filter(({ status }) => status !== 429)];
  };
  const waits = (answers: readonly Answer[]): string[] => [
    ...new Set(answers.map(({ headers }) => `${headers.get('retry-after')} ${headers.get('ratelimit')}`)),
  ];

  /** How many are looked at at once, at most, and in all. */
  const watchLooks = (): { most: number; all: string[] } => {
    const seen = { most: 0, all: [] as string[] };
    const passwords = service.app.get(PasswordsService);
    const verify = passwords.verify.bind(passwords);
    let now = 0;
    jest.spyOn(passwords, 'verify').mockImplementation(async (password, stored) => {
      seen.most = Math.max(seen.most, (now += 1));
      seen.all.push(password);
      return verify(password, stored).finally(() => (now -= 1));
    });
    return seen;
  };
  const statusesOf = (answers: readonly Answer[]): number[] => answers.map(({ status }) => status);

  it.each([
    ['one address', () => '192.0.2.1'],
    ['as many addresses', (i: number) => `198.51.100.${i}`],
  ])('and are right are all let in, five at a time: from %s', async (_whence, addressOf) => {
    const looks = watchLooks();
    /** @returns how many were told to come again, as they are when the four must wait for more than a second */
    const attempt = async (): Promise<number> => {
      const person = stranger();
      await register(client, person);
      const answers = await Promise.all(Array.from({ length: 9 }, (_, i) => logInFrom(client, addressOf(i), person)));
      expect(looks.most).toBeLessThanOrEqual(5);
      expect((await logInFrom(client, '192.0.2.1', person)).headers.get('ratelimit')).toMatch(/r=5/);
      return statusesOf(answers).filter((status) => status !== 200).length;
    };
    expect(await quickest(1, attempt)).toBe(0);
  });

  it('and are right are told to come in a second where it takes too long', async () => {
    const person = stranger();
    await register(client, person);
    const send = () => logInFrom(client, '192.0.2.4', person);
    const [refused, looked] = await tenAtOnce(send);
    expect(statusesOf(looked)).toEqual(Array(5).fill(200));
    expect(waits(refused)).toEqual(['1 "login";r=0;t=1']);
    expect(statusesOf(await Promise.all(refused.map(send)))).toEqual(Array(5).fill(200));
  });

  it('and are wrong let nobody in who waits for them', async () => {
    const wrong = { email: stranger().email, password: 'a password of others' };
    const looks = watchLooks();
    const answers = await Promise.all(Array.from({ length: 100 }, () => logInFrom(client, '192.0.2.2', wrong)));
    expect(looks.all).toHaveLength(5);
    expect(statusesOf(answers).sort()).toEqual([...Array(5).fill(401), ...Array(95).fill(429)]);
    expect(Number((await logInFrom(client, '192.0.2.2', wrong)).headers.get('retry-after'))).toBeGreaterThan(50);
  });

  it('and are wrong are no more among right ones: five at an account', async () => {
    const person = stranger();
    await register(client, person);
    const looks = watchLooks();
    const guesses = Array.from({ length: 60 }, (_, i) => ({
      ...person,
      ...(i % 3 && { password: `another of ${i}` }),
    }));
    await Promise.all(guesses.map((guess) => logInFrom(client, '192.0.2.5', guess)));
    expect(looks.all.filter((password) => password !== person.password).length).toBeLessThanOrEqual(5);
    expect(looks.most).toBeLessThanOrEqual(5);
  });

  it('tell nobody else that they are under way', async () => {
    const person = stranger();
    await register(client, person);
    const others: Answer[] = [];
    await tenAtOnce(async () => {
      const answer = await logInFrom(client, '192.0.2.3', person);
      if (answer.status === 429) others.push(await logInFrom(client, '198.51.100.1', person));
      return answer;
    });
    for (const { status, headers } of others) {
      expect(status).toBe(429);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
    }
    expect(others).toHaveLength(5);
  });

  it('are the same where somebody who is signed in shows one', async () => {
    const person = stranger();
    const { accessToken: bearer } = await signedIn(client, person);
    const send = () =>
      client.post('/users/me/email', { email: stranger().email, currentPassword: person.password }, { bearer });
    const [refused, looked] = await tenAtOnce(send);
    expect(looked).toHaveLength(5);
    expect(waits(refused)).toEqual(['1 "password";r=0;t=1']);
  });
});
