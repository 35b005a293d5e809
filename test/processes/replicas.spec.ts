import { randomBytes } from 'node:crypto';
import { Client } from '../support/http/client.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database/database.js';
import { folder, removeFolders } from '../support/embedded/embedded-clusters.js';
import { hold, untilWaiting } from '../support/database/held.js';
import { logIn, register, stranger } from '../support/people/people.js';
import { endPrograms, Program } from '../support/processes/program.js';
import { times } from '../support/sessions/refreshes.js';
import { MIGRATIONS } from '../../src/platform/database/migrations.js';

describe('three replicas that start at once on an empty database', () => {
  let database: TestDatabase;
  const settings = {
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    ISSUER_URL: 'http://localhost:3000',
  };

  beforeEach(async () => {
    database = await createEmptyDatabase();
  });
  afterEach(async () => {
    await endPrograms();
    await database.drop();
  });
  afterAll(() => removeFolders());

  const start = async (): Promise<Program> =>
    Program.start({ cwd: await folder(), settings: { DATABASE_URL: database.url, ...settings } });

  const expectAppliedOnce = async (): Promise<void> => {
    const applied = await database.query<{ name: string }>('SELECT name FROM migrations ORDER BY timestamp');
    expect(applied.map(({ name }) => name)).toEqual(MIGRATIONS.map(({ name }) => name));
    const active = await database.query('SELECT activated_at IS NOT NULL AS active FROM signing_keys ORDER BY 1');
    expect(active).toEqual([{ active: false }, { active: true }]);
    expect(await database.query('SELECT FROM password_keys')).toHaveLength(1);
  };

  it('all come up, with everything applied once and one set of keys', async () => {
    const programs = await Promise.all(times(3, start));
    const clients = (await Promise.all(programs.map((program) => program.ready()))).map((url) => new Client(url));
    await expectAppliedOnce();
    const keys = await Promise.all(clients.map((client) => client.get('/.well-known/jwks.json')));
    expect(new Set(keys.map(({ text }) => text)).size).toBe(1);
    const person = stranger();
    await register(clients[0]!, person);
    const { accessToken } = await logIn(clients[1]!, person);
    expect((await clients[2]!.get('/users/me', { bearer: accessToken })).status).toBe(200);
  });

  it('all come up when none has migrated before all have begun', async () => {
    const held = await hold(database);
    await held.run('CREATE TABLE users ()'); // whoever makes that table waits
    const programs = await Promise.all(times(3, start));
    await untilWaiting(database, 3);
    await held.rollBack();
    await Promise.all(programs.map((program) => program.ready()));
    await expectAppliedOnce();
  });

  it('come up when the one that migrates is killed in the middle of it', async () => {
    const held = await hold(database);
    await held.run('CREATE TABLE users ()'); // whoever makes that table waits
    const migrating = await start();
    await untilWaiting(database, 1);
    const others = await Promise.all(times(2, start));
    await migrating.kill('SIGKILL');
    await held.rollBack();
    await Promise.all(others.map((program) => program.ready()));
    await expectAppliedOnce();
  });
});
