import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/http/client.js';
import { type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { hash as bcryptHash } from 'bcryptjs';
import { parseForeignHash } from '../../src/auth/passwords/imported-hash.value.js';
import { ImportedAccounts } from '../../src/auth/registration/imported-accounts.service.js';
import { compareTwice, interleaved } from './interleaved.js';
import { median, seededRandom } from './statistics.js';

const SEED = 20_261_031;

/** One that production allows, so that what is measured beside the hash is no greater than there. */
const COST = 10;

const KINDS = ['unknown', 'wrong password', 'disabled', 'password-less', 'imported', 'imported, cheaper'] as const;
type Kind = (typeof KINDS)[number];

/** Whoever logs in to these gives the right password, and is refused for something else. */
const SHUT_OUT: readonly Kind[] = ['disabled', 'password-less'];

/** Run alone, by `npm run test:timing`: other work on the machine adds noise, though never a difference that lasts. */
describe('The time of a refused login', () => {
  const random = seededRandom(SEED);
  let service: TestService;
  let client: Client;
  let people: Record<Exclude<Kind, 'unknown'>, Person>;
  let times: Record<Kind, number[]>;

  beforeAll(async () => {
    service = await startService({ settings: { BCRYPT_COST: String(COST), LOG_LEVEL: 'info' } });
    client = new Client(service.url);
    const registered = { 'wrong password': stranger(), disabled: stranger(), 'password-less': stranger() };
    for (const person of Object.values(registered)) await register(client, person);
    people = { ...registered, imported: await imported(COST), 'imported, cheaper': await imported(COST - 2) };
    await service.database.query('UPDATE users SET disabled_at = now() WHERE email = $1', [people.disabled.email]);
    await service.database.query('DELETE FROM credentials USING users u WHERE u.id = user_id AND u.email = $1', [
      people['password-less'].email,
    ]);
    times = await interleaved(KINDS, refusedLogin, random);
  }, 300_000);
  afterAll(() => service.stop());

  async function imported(cost: number): Promise<Person> {
    const person = stranger();
    const password = parseForeignHash(await bcryptHash(person.password, cost));
    const account = { email: person.email, emailVerified: true, role: 'user', locale: null, password };
    expect(await service.app.get(ImportedAccounts, { strict: false }).add([account])).toMatchObject({ imported: 1 });
    return person;
  }

  async function refusedLogin(kind: Kind): Promise<number> {
    const { email, password } = kind === 'unknown' ? stranger() : people[kind];
    const body = { email, password: SHUT_OUT.includes(kind) ? password : 'a password of others' };
    const begun = performance.now();
    const { status } = await client.post('/auth/login', body);
    const millis = performance.now() - begun;
    expect(status).toBe(401);
    return millis;
  }

  it('is that of a hash', () => {
    expect(median(times.unknown)).toBeGreaterThan(20);
  });

  it.each(KINDS.filter((kind) => kind !== 'unknown'))(
    'does not tell an account (%s) from none',
    async (kind) => {
      const comparison = await compareTwice(times, ['unknown', kind, 'wrong password'], refusedLogin, random);
      expect(comparison).toMatchObject({ tellsApart: false });
    },
    120_000,
  );
});
