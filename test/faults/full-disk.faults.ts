import type { Answer, Client } from '../support/http/client.js';
import { type Person, signedIn, stranger } from '../support/people/people.js';
import { refresh, statusesOf, times } from '../support/sessions/refreshes.js';
import { until } from '../support/time/until.js';
import { unavailable } from './support/answers.js';
import { Cluster } from './support/cluster.js';
import { CHEAP_HASHES, type Fleet, startFleet } from './support/fleet.js';
import { mountSmallDisk } from './support/small-disk.js';

const MEGABYTES = 320;

const registrations = async (fleet: Fleet, people: readonly Person[]): Promise<Answer[]> =>
  Promise.all(people.map((person) => fleet.next().post('/auth/register', person)));

/** Whoever was told 201 has an account, and nobody else has. */
const expectNoneHalfDone = async (
  fleet: Fleet,
  people: readonly Person[],
  answers: readonly Answer[],
): Promise<void> => {
  const known = people.filter((_, i) => answers[i]!.status === 201).map(({ email }) => email);
  const rows = await fleet.database.query<{ email: string }>(
    'SELECT email FROM users JOIN credentials ON user_id = id WHERE email = ANY ($1)',
    [people.map(({ email }) => email)],
  );
  expect(rows.map(({ email }) => email).sort()).toEqual(known.sort());
};

describe('A disk that PostgreSQL finds full', () => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await startFleet({ settings: CHEAP_HASHES });
  });
  afterAll(() => fleet.stop());

  it('is answered with 503 where something is written, with no effect, and only there', async () => {
    const person = stranger();
    const { accessToken } = await signedIn(fleet.next(), person);
    await fleet.database.query(`CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END$$`);
    for (const table of ['credentials', 'sessions'])
      await fleet.database.query(`CREATE TRIGGER full_disk BEFORE INSERT ON ${table} EXECUTE FUNCTION fill_disk()`);
    const people = times(6, stranger);
    const answers = await registrations(fleet, people);
    const logins = await Promise.all(fleet.all.map((client) => client.post('/auth/login', person)));
    const readers = await Promise.all(fleet.all.map((client) => client.get('/users/me', { bearer: accessToken })));
    await fleet.database.query('DROP FUNCTION fill_disk CASCADE');
    for (const answer of [...answers, ...logins]) expect(answer).toEqual(unavailable);
    expect(statusesOf(readers)).toEqual([200]);
    await expectNoneHalfDone(fleet, people, answers);
    expect((await fleet.next().post('/auth/login', person)).status).toBe(200);
  });
});

const disk = await mountSmallDisk(MEGABYTES);

// Only who may mount file systems has one that can be filled.
if (disk) {
  describe('A disk that is full', () => {
    let cluster: Cluster;
    let fleet: Fleet;

    beforeAll(async () => {
      cluster = await Cluster.start(disk.home);
      fleet = await startFleet({ cluster, settings: CHEAP_HASHES });
    });
    afterAll(async () => {
      await fleet.stop();
      await disk.remove();
    });

    it('is answered with 201 or 503, none of it half done, and all is well once there is room', async () => {
      const [first] = fleet.all as [Client];
      const person = stranger();
      const { refreshToken } = await signedIn(first, person);
      await disk.fill();
      const people: Person[] = [];
      const answers: Answer[] = [];
      await until(async () => {
        const some = times(60, stranger);
        people.push(...some);
        answers.push(...(await registrations(fleet, some)));
        return answers.some(({ status }) => status === 503);
      }, 60_000);
      expect(statusesOf(answers).filter((status) => status !== 201 && status !== 503)).toEqual([]);
      expect([200, 503]).toContain((await refresh(first, refreshToken)).status);
      expect((await first.get('/health/live')).status).toBe(200);
      await disk.free();
      if (!(await cluster.isUp())) await cluster.startAgain(); // it gives up when its log finds no room
      for (const client of fleet.all)
        await until(async () => (await client.post('/auth/login', person)).status === 200);
      await expectNoneHalfDone(fleet, people, answers);
      expect((await refresh(first, refreshToken)).status).toBe(200);
    }, 120_000);
  });
}
