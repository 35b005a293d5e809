import { randomBytes } from 'node:crypto';
import { KeyCommands } from '../../src/commands/keys/key-commands.service.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { Client } from '../support/http/client.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { until } from '../support/time/until.js';

const newSecret = (): string => randomBytes(32).toString('base64url');
const [old, fresh] = [newSecret(), newSecret()];

describe('Jobs that wait while AUTH_SECRET changes', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  const during = async <T>(AUTH_SECRET: string, work: (service: TestService) => Promise<T>): Promise<T> => {
    const service = await startService({ database, settings: { AUTH_SECRET } });
    try {
      return await work(service);
    } finally {
      await service.stop();
    }
  };
  const enqueue = ({ app }: TestService, email: string): Promise<string> =>
    app
      .get(Jobs, { strict: false })
      .enqueue('forgot-password', { email, request: null }, { startAfter: new Date(Date.now() + 3_600_000) });
  const rewrap = async ({ app }: TestService): Promise<string[]> =>
    app.get(KeyCommands, { strict: false }).run({ name: 'rewrap' });

  it('are sealed anew with the keys, so that the first secret alone opens them', async () => {
    const people = [stranger(), stranger(), stranger()];
    await during(old, async (service) => {
      for (const person of people) await new Client(service.url).post('/auth/register', person);
      await untilNothingIsQueued(database);
      for (const { email } of people) await enqueue(service, email);
    });
    const [given] = await database.query<{ id: string }>(
      `UPDATE jobs.job SET state = 'cancelled' WHERE id = (SELECT max(id::text)::uuid FROM jobs.job) RETURNING id`,
    );
    await during(`${fresh},${old}`, async (service) => {
      expect((await rewrap(service))[0]).toMatch(/password keys 1, jobs 3\.$/);
      expect((await rewrap(service))[0]).toMatch(/password keys 0, jobs 0\.$/);
    });
    await during(fresh, async ({ mailbox }) => {
      await database.query(`UPDATE jobs.job SET start_after = now(), state = 'created' WHERE name = 'forgot-password'`);
      for (const { email } of people) await mailbox.next({ to: email, template: 'reset_password' });
    });
    expect(given).toBeDefined();
    await until(async () => (await database.query('SELECT FROM jobs.job')).length === 0);
  });

  it('are left as they are when no secret of the list opens them, and the command says how many', async () => {
    const person = stranger();
    await during(fresh, (service) => enqueue(service, person.email));
    await database.query(`UPDATE jobs.job SET data = jsonb_set(data, '{secretId}', '"lost"')`);
    const before = await database.query('SELECT data FROM jobs.job');
    const said = await during(`${old},${fresh}`, rewrap);
    expect(said.join('\n')).toContain('jobs 0.\n1 job was encrypted with a secret that is not in AUTH_SECRET');
    expect(await database.query('SELECT data FROM jobs.job')).toEqual(before);
  });
});
