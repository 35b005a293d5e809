import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Guesses } from '../../src/limits/guesses.service.js';
import { inRequest } from '../../src/platform/request-context.js';
import { Client } from '../support/client.js';
import { type Person, register, stranger } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { countHashes, LIMITED, logInFrom, pass } from './support/guessing.js';

/** A twentieth of the 1,000 guesses and a fiftieth of the 10,000 accounts that decision 16 speaks of. */
const [PER_HOUR, PER_ADDRESS, ADDRESSES, ACCOUNTS] = [50, 5, 500, 200];

describe('A sprayer with 500 addresses, one password and all accounts', () => {
  let service: TestService;
  let client: Client;
  let owner: Person;

  beforeAll(async () => {
    const settings = {
      ...LIMITED,
      LOGIN_FAILURES_PER_HOUR: String(PER_HOUR),
      LOGIN_FAILURES_PER_ADDRESS: String(PER_ADDRESS),
    };
    service = await startService({ settings });
    client = new Client(service.url);
    owner = stranger();
    await register(client, owner);
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => service.stop());

  const accounts = (): string[] => [owner.email, ...Array.from({ length: ACCOUNTS - 1 }, () => stranger().email)];
  /** @returns how many of the guesses were looked at */
  const spray = async (from: (i: number) => string): Promise<number> => {
    const guesses = accounts().entries();
    const told: number[] = [];
    const work = async (): Promise<void> => {
      for (const [i, email] of guesses)
        told.push((await logInFrom(client, from(i), { email, password: 'Summer2026!' })).status);
    };
    const hashes = await countHashes([service], () => Promise.all([work(), work(), work(), work(), work()]));
    const count = (status: number): number => told.filter((one) => one === status).length;
    expect(told).toHaveLength(ACCOUNTS);
    expect(hashes).toBeLessThanOrEqual(count(401) + count(503)); // what found no free worker was not looked at
    return count(401);
  };

  it('gets LOGIN_FAILURES_PER_HOUR guesses in an hour, and its victims come in by a device that they have used before', async () => {
    const worldwide = (i: number): string => `10.${(i % ADDRESSES) >> 8}.${(i % ADDRESSES) & 255}.1`;
    expect(await spray(worldwide)).toBe(PER_HOUR);
    expect((await logInFrom(client, '192.0.2.1', owner)).status).toBe(429);
    const byKnownDevice = inRequest({ requestId: 'a-request', ip: '192.0.2.1' }, () =>
      service.app.get(Guesses).login(owner.email, 'laptop', () => Promise.resolve(true)),
    );
    expect(await byKnownDevice).toEqual({ right: true, waitBegins: false });

    await pass(service, 3_600);
    expect(await spray(worldwide)).toBe(PER_HOUR);
    await pass(service, 3_600);
    expect((await logInFrom(client, '192.0.2.1', owner)).status).toBe(200);
  });

  it('gets no more of them than four addresses would, where they are neighbours', async () => {
    await pass(service, 3_600);
    expect(await spray((i) => `172.16.0.${i % 250}`)).toBe(4 * PER_ADDRESS);
  });
});
