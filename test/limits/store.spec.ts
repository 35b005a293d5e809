import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ExpiredLimits } from '../../src/limits/counting/expired-limits.service.js';
import { RateLimitsRepository } from '../../src/limits/counting/rate-limits.repository.js';
import { Guesses } from '../../src/limits/guesses.service.js';
import { hold } from '../support/database/held.js';
import { Client } from '../support/http/client.js';
import { type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { inTurn, LIMITED, logInFrom, pass } from './support/guessing.js';

describe('The counts of limits', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: LIMITED });
    client = new Client(service.url);
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => service.stop());

  const someone = async (): Promise<Person> => {
    const person = stranger();
    await register(client, person);
    return person;
  };
  const tries = (times: number, ip: string, body: object): Promise<number[]> =>
    inTurn(times, () => logInFrom(client, ip, body));
  const warnings = (): number => service.log.filter((line) => line.includes('rate_limits_in_memory')).length;

  it('are kept in memory while the database cannot keep them, so that nobody is let in uncounted', async () => {
    const person = await someone();
    await service.database.query('ALTER TABLE rate_limits RENAME TO away');
    try {
      for (let i = 0; i < 8; i++) expect((await logInFrom(client, '192.0.2.1', person)).status).toBe(200);
      expect(await tries(7, '192.0.2.1', { ...person, password: 'wrong' })).toEqual([...Array(5).fill(401), 429, 429]);
      expect(await tries(1, '192.0.2.1', person)).toEqual([429]);
      expect(warnings()).toBe(1);
    } finally {
      await service.database.query('ALTER TABLE away RENAME TO rate_limits');
    }
  });

  it('stay as they are in the database, whatever is given back of those in memory', async () => {
    const person = await someone();
    for (let i = 0; i < 5; i++) await tries(1, `10.0.${i}.1`, { ...person, password: 'wrong' });
    await service.database.query('ALTER TABLE rate_limits RENAME TO away');
    const cameBack = async (): Promise<boolean> => {
      await service.database.query('ALTER TABLE away RENAME TO rate_limits');
      return true;
    };
    const { right } = await service.app.get(Guesses).login(person.email, null, cameBack);
    expect(right).toBe(true);
    expect(await tries(1, '192.0.2.7', person)).toEqual([429]);
  });

  it('hold nobody up for longer than 4 s when their table is locked', async () => {
    const person = await someone();
    const locker = await hold(service.database);
    await locker.run('LOCK TABLE rate_limits IN ACCESS EXCLUSIVE MODE');
    const begun = performance.now();
    try {
      expect((await logInFrom(client, '192.0.2.2', person)).status).toBe(200);
    } finally {
      await locker.rollBack();
    }
    expect(performance.now() - begun).toBeLessThan(4_000);
  });

  it('hold nobody up for long, nor a service that stops, when what is given back does not arrive', async () => {
    const person = await someone();
    const secret = service.config.authSecrets[0]!.toString('base64url');
    const settings = { ...LIMITED, AUTH_SECRET: secret };
    const other = await startService({ settings, database: service.database });
    const there = new Client(other.url);
    jest.spyOn(other.app.get(RateLimitsRepository), 'giveBack').mockReturnValue(new Promise(() => undefined));
    for (let i = 0; i < 3; i++) expect((await logInFrom(there, '192.0.2.8', person)).status).toBe(200);
    await other.stop();
  });

  it('tell nobody who reads them whom they are about', async () => {
    await tries(2, '192.0.2.3', { email: 'somebody.else@example.com', password: 'wrong' });
    const rows = await service.database.query<{ text: string; length: number; key: Buffer }>(
      `SELECT r::text AS text, length(key) AS length, key FROM rate_limits r`,
    );
    expect(rows.length).toBeGreaterThan(0);
    const guesses = [['account', 'somebody.else@example.com'], ['address', '192.0.2.3'], ['service']];
    const digests = guesses.map((guess) => createHash('sha256').update(guess.join('\0')).digest('hex'));
    for (const { text, length, key } of rows) {
      expect(digests).not.toContain(key.toString('hex')); // nor can they be guessed without the secret
      expect(length).toBe(32);
      expect(text).not.toMatch(/somebody|192\.0\.2/);
    }
  });

  it('go when they are forgotten, and not before', async () => {
    await tries(1, '192.0.2.4', stranger());
    const count = async (): Promise<number> => (await service.database.query('SELECT FROM rate_limits')).length;
    const before = await count();
    const expired = service.app.get(ExpiredLimits);
    await expired.clear();
    expect(await count()).toBe(before);
    await pass(service, 3_601);
    await expired.clear();
    expect(await count()).toBe(0);
  });

  it('are the same without prepared statements, as behind an old pooler', async () => {
    const person = await someone();
    const settings = { ...LIMITED, PREPARED_STATEMENTS: 'off' };
    const secret = service.config.authSecrets[0]!.toString('base64url');
    const other = await startService({ settings: { ...settings, AUTH_SECRET: secret }, database: service.database });
    try {
      const there = new Client(other.url);
      for (let i = 0; i < 8; i++) expect((await logInFrom(there, '192.0.2.5', person)).status).toBe(200);
      for (let i = 0; i < 5; i++) {
        expect((await logInFrom(there, '192.0.2.5', { ...person, password: 'wrong' })).status).toBe(401);
      }
      expect((await logInFrom(client, '192.0.2.5', person)).status).toBe(429);
      expect(other.log.some((line) => line.includes('rate_limits_in_memory'))).toBe(false);
    } finally {
      await other.stop();
    }
  });

  it('are none at all with RATE_LIMITS=off, which production is warned of', async () => {
    const settings = {
      RATE_LIMITS: 'off',
      NODE_ENV: 'production',
      ISSUER_URL: 'https://auth.example.com',
      BCRYPT_COST: '10',
    };
    const unlimited = await startService({ settings });
    try {
      const there = new Client(unlimited.url);
      const person = stranger();
      for (let i = 0; i < 8; i++) {
        const answer = await there.post('/auth/login', person);
        expect([answer.status, answer.headers.get('ratelimit')]).toEqual([401, null]);
      }
      expect(await unlimited.database.query('SELECT FROM rate_limits')).toEqual([]);
      expect(unlimited.log.filter((line) => line.includes('rate_limits_off'))).toHaveLength(1);
    } finally {
      await unlimited.stop();
    }
  });
});
