import { readFile } from 'node:fs/promises';
import type { Client } from '../support/http/client.js';
import { signedIn, stranger, type Person } from '../support/people/people.js';
import { statusesOf, times } from '../support/sessions/refreshes.js';
import { timed, type Timed } from './support/answers.js';
import { type Fleet, startFleet } from './support/fleet.js';

const LOGINS = 200;
const REFUSED_WITHIN_MILLIS = 1_000;
const P99_MILLIS = 100;
/** A busy machine spoils the times of one wave, not of all: they have to hold in one of these. */
const WAVES = 4;
/** What the last wave may leave in memory beyond what the second has left: the first starts the threads that hash. */
const FLAT = 1.15;

describe(`${LOGINS} parallel logins at one replica, at cost 12`, () => {
  let fleet: Fleet;
  let client: Client;
  let person: Person;
  let accessToken: string;

  beforeAll(async () => {
    fleet = await startFleet({ count: 1, settings: { BCRYPT_COST: '12' } });
    client = fleet.next();
    person = stranger();
    ({ accessToken } = await signedIn(client, person));
  });
  afterAll(() => fleet.stop());

  const quantile = (answers: Timed[], part: number): number =>
    answers.map(({ millis }) => millis).sort((a, b) => a - b)[Math.ceil(answers.length * part) - 1]!;

  const residentBytes = async (): Promise<number> => {
    const status = await readFile(`/proc/${fleet.replicas[0]!.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  };

  /** Asks who they are, again and again, while others log in. */
  const loginWave = async (): Promise<{ logins: Timed[]; others: Timed[] }> => {
    const wave = { over: false };
    const others: Timed[] = [];
    const asking = (async () => {
      while (!wave.over) others.push(await timed(() => client.get('/users/me', { bearer: accessToken })));
    })();
    const logins = await Promise.all(times(LOGINS, () => timed(() => client.post('/auth/login', person))));
    wave.over = true;
    await asking;
    return { logins, others };
  };

  it('some get 200, the rest 503 or 429 within 1 s, while GET /users/me has a p99 under 100 ms, and memory is flat', async () => {
    const inTime: boolean[] = [];
    const resident: number[] = [];
    for (let i = 0; i < WAVES; i += 1) {
      const { logins, others } = await loginWave();
      const refused = logins.filter(({ status }) => status !== 200);
      expect(logins.length - refused.length).toBeGreaterThan(0);
      expect(refused.length).toBeGreaterThan(0);
      expect(statusesOf(refused).filter((status) => status !== 503 && status !== 429)).toEqual([]);
      for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(statusesOf(others)).toEqual([200]);
      inTime.push(quantile(refused, 1) < REFUSED_WITHIN_MILLIS && quantile(others, 0.99) < P99_MILLIS);
      resident.push(await residentBytes());
    }
    expect(inTime).toContain(true);
    expect(resident.at(-1)! / resident[1]!).toBeLessThan(FLAT);
  });
});
