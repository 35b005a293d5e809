import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/client.js';
import { type Person, register, stranger } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { compare, median, seededRandom, shuffled } from './statistics.js';

const ROUNDS = 150;
const WARM_UP = 10;
const SEED = 20_261_031;

const KINDS = ['unknown', 'wrong password', 'disabled', 'password-less'] as const;
type Kind = (typeof KINDS)[number];

/** Run alone, by `npm run test:timing`: other work on the machine adds noise, though never a difference that lasts. */
describe('The time of a refused login', () => {
  const random = seededRandom(SEED);
  const times: Record<Kind, number[]> = { unknown: [], 'wrong password': [], disabled: [], 'password-less': [] };
  let service: TestService;
  let client: Client;
  let people: Record<Exclude<Kind, 'unknown'>, Person>;

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
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      for (const kind of shuffled(KINDS, random)) {
        const millis = await refusedLogin(kind);
        if (round >= 0) times[kind].push(millis);
      }
    }
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
    (kind) => {
      const hashMillis = median(times['wrong password']);
      expect(compare(times.unknown, times[kind], hashMillis, random)).toMatchObject({ tellsApart: false });
    },
  );
});
