import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/http/client.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { type Person, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { compareTwice, interleaved } from './interleaved.js';
import { seededRandom } from './statistics.js';

const SEED = 20_261_122;

const KINDS = ['unknown', 'confirmed', 'unconfirmed', 'disabled', 'kept'] as const;
type Kind = (typeof KINDS)[number];
const KNOWN = KINDS.filter((kind) => kind !== 'unknown');

const ROUTES = {
  'a registration': '/auth/register',
  'a forgotten password': '/auth/forgot-password',
  'another link to confirm': '/auth/verify-email/resend',
} as const;

/** Run alone, by `npm run test:timing`. All three answer 202 for every address, where addresses must be confirmed. */
describe.each(Object.entries(ROUTES))('The time of %s', (_, path) => {
  const random = seededRandom(SEED);
  let service: TestService;
  let client: Client;
  let people: Record<Exclude<Kind, 'unknown'>, Person>;
  let times: Record<Kind, number[]>;

  beforeAll(async () => {
    const settings = { BCRYPT_COST: '10', LOG_LEVEL: 'info', EMAIL_VERIFICATION: 'required' };
    service = await startService({ settings });
    client = new Client(service.url);
    people = { confirmed: stranger(), unconfirmed: stranger(), disabled: stranger(), kept: stranger() };
    for (const person of Object.values(people)) await ask('/auth/register', person);
    await untilNothingIsQueued(service.database);
    await service.database.query('UPDATE users SET email_verified_at = now() WHERE email = $1', [
      people.confirmed.email,
    ]);
    await service.database.query('UPDATE users SET disabled_at = now() WHERE email = $1', [people.disabled.email]);
    await moveOn(people.kept);
    times = await interleaved(KINDS, askOf, random);
  }, 300_000);
  afterAll(() => service.stop());

  /** To another address: the one before is kept for the account, for the change can be undone. */
  async function moveOn({ email }: Person): Promise<void> {
    await service.database.query(
      `WITH moved AS (UPDATE users SET email = $2, email_verified_at = now() WHERE email = $1 RETURNING id)
       INSERT INTO one_time_tokens (digest, user_id, purpose, address, expires_at)
       SELECT sha256('kept'), id, 'undo_email_change', $1, now() + interval '7 days' FROM moved`,
      [email, stranger().email],
    );
  }

  async function askOf(kind: Kind): Promise<number> {
    const millis = await ask(path, kind === 'unknown' ? stranger() : people[kind]);
    // What follows after the answer differs, and must not make the next one slow.
    await untilNothingIsQueued(service.database);
    return millis;
  }

  async function ask(route: string, { email, password }: Person): Promise<number> {
    const body = route === ROUTES['a registration'] ? { email, password: `${password}!` } : { email };
    const begun = performance.now();
    const { status } = await client.post(route, body);
    const millis = performance.now() - begun;
    expect(status).toBe(202);
    return millis;
  }

  it.each(KNOWN)(
    'does not tell an account (%s) from none',
    async (kind) => {
      const comparison = await compareTwice(times, ['unknown', kind, 'unknown'], askOf, random);
      expect(comparison).toMatchObject({ tellsApart: false });
    },
    120_000,
  );
});
