import { type Answer } from '../support/http/client.js';
import { register, stranger } from '../support/people/people.js';
import { statusesOf, times } from '../support/sessions/refreshes.js';
import { CHEAP_HASHES, type Fleet, startFleet } from './support/fleet.js';

const GUESSES = 100;
const PER_ADDRESS = 20;

describe('Limits at three replicas', () => {
  let fleet: Fleet;

  beforeAll(async () => {
    const settings = { ...CHEAP_HASHES, RATE_LIMITS: 'on', REQUESTS_PER_ADDRESS: String(PER_ADDRESS) };
    fleet = await startFleet({ settings });
  });
  afterAll(() => fleet.stop());

  const count = (answers: Answer[], status: number): number => answers.filter((one) => one.status === status).length;
  const failures = async (): Promise<unknown[]> =>
    fleet.database.query(`SELECT FROM audit_events WHERE type = 'login_failed'`);

  it(`look at five of ${GUESSES} parallel guesses, and refuse the right password as well, also after a kill -9`, async () => {
    const person = stranger();
    await register(fleet.next(), person);
    const wrong = { ...person, password: 'a password of others' };
    const answers = await Promise.all(times(GUESSES, () => fleet.next().post('/auth/login', wrong)));
    expect(statusesOf(answers).filter((status) => ![401, 429, 503].includes(status))).toEqual([]);
    expect(count(answers, 401)).toBeGreaterThan(0);
    expect(count(answers, 401)).toBeLessThanOrEqual(5);
    // Whoever found no free worker was not looked at: the rest of the five is used up now, in turn.
    for (let i = 0; i < 5; i += 1) await fleet.next().post('/auth/login', wrong);
    expect(await failures()).toHaveLength(5);

    const [killed] = fleet.replicas;
    await killed!.kill('SIGKILL');
    killed!.startAgain();
    await killed!.ready();
    for (const client of fleet.all) {
      const refused = await client.post('/auth/login', person);
      expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(await failures()).toHaveLength(5);
  });

  it(`let ${PER_ADDRESS} mails be asked for from one address, of ${GUESSES} at once`, async () => {
    const answers = await Promise.all(
      times(GUESSES, () => fleet.next().post('/auth/forgot-password', { email: stranger().email })),
    );
    expect([count(answers, 202), count(answers, 429)]).toEqual([PER_ADDRESS, GUESSES - PER_ADDRESS]);
  });
});
