import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/http/client.js';
import { type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { compareTwice, interleaved } from './interleaved.js';
import { median, seededRandom } from './statistics.js';

const SEED = 20_261_031;

const KINDS = ['unknown', 'wrong password', 'disabled', 'password-less'] as const;
type Kind = (typeof KINDS)[number];

/** Run alone, by `npm run test:timing`: other work on the machine adds noise, though never a difference that lasts. */
describe('The time of a refused login', () => {
  const random = seededRandom(SEED);
  let service: TestService;
  let client: Client;
  let people: Record<Exclude<Kind, 'unknown'>, Person>;
  let times: Record<Kind, number[]>;

  beforeAll(async () => {
    // A cost that production allows, so that what is measured beside the hash is no greater than there.
    service = await startService({ settings: { BCRYPT_COST: '10', LOG_LEVEL: 'info' } });
    client = new Client(service.url);
    people = { 'wrong password': stranger(), disabled: stranger(), 'password-less': stranger() };
    for (const person of Object.values(people)) await register(client, person);
    await service.database.query('UPDATE users SET disabled_at = now() WHERE email = $1', [people.disabled.email]);
    await service.database.query('DELETE FROM credentials USING users u WHERE u.id = user_id AND u.email = $1', [
      people['password-less'].email,
    ]);
    times = await interleaved(KINDS, refusedLogin, random);
  }, 300_000);
  afterAll(() => service.stop());

  async function refusedLogin(kind: Kind): Promise<number> {
    const { email, password } = kind === 'unknown' ? stranger() : people[kind];
    const body = { email, password: kind === 'wrong password' ? 'a password of others' : password };
    const begun = performance.now();
    const { status } = await client.post('/auth/login', body);
    const millis = performance.now() - begun;
    expect(status).toBe(401);
    return millis;
  }

  it('is that of a hash', () => {
    expect(median(times.unknown)).toBeGreaterThan(20);
  });

  it.each(['wrong password', 'disabled', 'password-less'] as const)(
    'does not tell an account (%s) from none',
    async (kind) => {
      const comparison = await compareTwice(times, ['unknown', kind, 'wrong password'], refusedLogin, random);
      expect(comparison).toMatchObject({ tellsApart: false });
    },
    120_000,
  );
});
