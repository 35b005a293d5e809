import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from '../support/http/client.js';
import { type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { countHashes, limitedTo, logInFrom, pass } from './support/guessing.js';

/**
 * A twentieth of what decision 16 speaks of: 1,000 wrong passwords in an hour, 10,000 accounts and 500 addresses. One address
 * alone can use up all, so that the others are left with their two each.
 */
const [PER_HOUR, PER_ADDRESS, ACCOUNTS, ADDRESSES] = [50, 50, 500, 25];
const FEW = 2;
const AT_ONCE = 5;

describe('A sprayer with many addresses, one password and all accounts', () => {
  let service: TestService;
  let client: Client;
  let owner: Person;

  beforeAll(async () => {
    service = await startService({ settings: limitedTo(PER_HOUR, PER_ADDRESS) });
    client = new Client(service.url);
    owner = stranger();
    await register(client, owner);
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => service.stop());

  /** @returns how many of the guesses were looked at */
  const spray = async (emails: readonly string[], from: (i: number) => string): Promise<number> => {
    const guesses = emails.entries();
    const told: number[] = [];
    const work = async (): Promise<void> => {
      for (const [i, email] of guesses)
        told.push((await logInFrom(client, from(i), { email, password: 'Summer2026!' })).status);
    };
    const hashes = await countHashes([service], () => Promise.all(Array.from({ length: AT_ONCE }, work)));
    const count = (status: number): number => told.filter((one) => one === status).length;
    expect(told).toHaveLength(emails.length);
    expect(hashes).toBeLessThanOrEqual(count(401) + count(503)); // what found no free worker was not looked at
    return count(401);
  };
  const accounts = (): string[] => [owner.email, ...Array.from({ length: ACCOUNTS - 1 }, () => stranger().email)];
  const worldwide = (i: number): string => `10.0.${i % ADDRESSES}.1`;
  /** The most that can be had: one address uses up the hour of the service, the others then what each is left. */
  const cleverly = async (emails: readonly string[]): Promise<number> => {
    const first = await spray(emails.slice(0, PER_HOUR), () => worldwide(0));
    return first + (await spray(emails.slice(PER_HOUR), (i) => worldwide(1 + (i % (ADDRESSES - 1)))));
  };

  it('gets LOGIN_FAILURES_PER_HOUR guesses in an hour and two more from each fresh address, and its victims come in', async () => {
    expect(await cleverly(accounts())).toBe(PER_HOUR + FEW * (ADDRESSES - 1));
    expect((await logInFrom(client, worldwide(1), owner)).status).toBe(429);
    expect((await logInFrom(client, '192.0.2.1', owner)).status).toBe(200);

    await pass(service, 3_600);
    expect(await cleverly(accounts())).toBe(PER_HOUR + FEW * (ADDRESSES - 1));
  });

  it('gets no more than the hour of the service where every address does the same', async () => {
    await pass(service, 3_600);
    const looked = await spray(accounts(), worldwide);
    expect(looked).toBeGreaterThanOrEqual(PER_HOUR);
    expect(looked).toBeLessThan(PER_HOUR + AT_ONCE); // one may overtake another, which then still has its two
  });

  it('gets eight more where the fresh addresses are neighbours', async () => {
    await pass(service, 3_600);
    const emails = accounts();
    expect(await spray(emails.slice(0, PER_HOUR), () => worldwide(0))).toBe(PER_HOUR);
    expect(await spray(emails.slice(PER_HOUR), (i) => `172.16.0.${i % 250}`)).toBe(4 * FEW);
  });
});
