import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Client } from '../support/http/client.js';
import { type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { countStatements, inTurn, LIMITED, logInFrom, pass } from './support/guessing.js';

const PER_HOUR = 10;

describe('Once the whole service has had its wrong passwords of the hour', () => {
  let service: TestService;
  let client: Client;
  let person: Person;

  beforeAll(async () => {
    service = await startService({ settings: { ...LIMITED, LOGIN_FAILURES_PER_HOUR: String(PER_HOUR) } });
    client = new Client(service.url);
    person = stranger();
    await register(client, person);
  });
  beforeEach(async () => {
    await pass(service, 3_600);
    expect(await failures(PER_HOUR, () => '198.51.100.1')).toEqual(Array(PER_HOUR).fill(401));
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await service.stop();
  });

  const failures = (times: number, from: (i: number) => string): Promise<number[]> =>
    inTurn(times, (i) => logInFrom(client, from(i), { ...stranger(), password: 'wrong' }));
  const status = async (ip: string): Promise<number> => (await logInFrom(client, ip, person)).status;

  it('an address without failures of its own is let in, from a device that nobody knows', async () => {
    for (let i = 0; i < 5; i++) expect(await status('192.0.2.1')).toBe(200);
  });

  it('an address has two wrong passwords, and then no more until the hour is over', async () => {
    expect(await failures(4, () => '192.0.2.2')).toEqual([401, 401, 429, 429]);
    const refused = await logInFrom(client, '192.0.2.2', person);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(await status('192.0.3.2')).toBe(200);
    await pass(service, 3_600);
    expect(await status('192.0.2.2')).toBe(200);
  });

  it('an address that had two before has none', async () => {
    await pass(service, 3_600);
    expect(await failures(2, () => '192.0.2.3')).toEqual([401, 401]);
    expect(await failures(PER_HOUR - 2, () => '198.51.100.1')).toEqual(Array(PER_HOUR - 2).fill(401));
    expect(await status('192.0.2.3')).toBe(429);
  });

  it.each([
    ['an IPv4 /24', (i: number) => `192.0.2.${i}`],
    ['an IPv6 /48', (i: number) => `2001:db8:0:${i}::1`],
  ])('%s has eight, whatever its addresses', async (_, neighbour) => {
    expect(await failures(10, neighbour)).toEqual([...Array<number>(8).fill(401), 429, 429]);
    expect(await status(neighbour(99))).toBe(429);
  });

  it('of a hundred guesses from one address no more than two are looked at', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => failures(1, () => '192.0.2.4')));
    expect(all.flat().filter((status) => status === 401).length).toBeLessThanOrEqual(2);
    expect(await failures(3, () => '192.0.2.4')).toContain(429);
  });

  it('whoever is known to be refused costs no statement', async () => {
    await failures(3, () => '192.0.2.5');
    expect(await countStatements(service.database, () => failures(20, () => '192.0.2.5'))).toBe(0);
  });

  it('a login costs no more statements than before', async () => {
    const asked = (ip: string): Promise<number> => countStatements(service.database, () => status(ip));
    await pass(service, 3_600);
    const before = await asked('192.0.2.7');
    await failures(PER_HOUR, () => '198.51.100.1');
    await status('192.0.3.7');
    expect([before, await asked('192.0.4.7')]).toEqual([3, 3]);
  });

  it('the same holds while the database cannot count', async () => {
    await service.database.query('ALTER TABLE rate_limits RENAME TO away');
    try {
      expect(await failures(PER_HOUR, () => '198.51.100.9')).toEqual(Array(PER_HOUR).fill(401));
      expect(await failures(3, () => '192.0.2.6')).toEqual([401, 401, 429]);
      expect(await status('192.0.3.6')).toBe(200);
    } finally {
      await service.database.query('ALTER TABLE away RENAME TO rate_limits');
    }
  });
});
