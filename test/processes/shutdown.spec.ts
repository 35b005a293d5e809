import { randomBytes } from 'node:crypto';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { hold, untilWaiting } from '../support/database/held.js';
import { folder, removeFolders } from '../support/embedded/embedded-clusters.js';
import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { endPrograms, Program } from '../support/processes/program.js';
import { refresh } from '../support/sessions/refreshes.js';
import { until } from '../support/time/until.js';

/** Prints how many files of a package were loaded. */
const LOADED = `process.on('SIGUSR2', () => {
  const files = Object.keys(process.getBuiltinModule('node:module')._cache);
  console.log('loaded ' + files.filter((file) => file.includes('opentelemetry')).length + ' of ' + files.length);
})`;

describe('the service as a process in production', () => {
  const AUTH_SECRET = randomBytes(32).toString('base64url');
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(async () => {
    await endPrograms();
    await database.drop();
    await removeFolders();
  });

  const start = async (settings: Record<string, string> = {}): Promise<Program> =>
    Program.start({
      cwd: await folder(),
      settings: {
        NODE_ENV: 'production',
        DATABASE_URL: database.url,
        AUTH_SECRET,
        ISSUER_URL: 'http://localhost:3000',
        BCRYPT_COST: '10',
        ...settings,
      },
    });
  const linesOf = (program: Program): Record<string, unknown>[] =>
    program.output
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));

  it('told to end says first that it is not ready, serves meanwhile, answers what is under way, and tells its log', async () => {
    const program = await start({ SHUTDOWN_DELAY_SECONDS: '2', METRICS_PORT: '0' });
    const url = await program.ready();
    const client = new Client(url);
    const { refreshToken, accessToken } = await signedIn(client);
    const held = await hold(database);
    await held.run('SELECT FROM sessions FOR UPDATE');
    const underWay = refresh(client, refreshToken);
    await untilWaiting(database, 1);

    program.child.kill('SIGTERM');
    await until(async () => (await client.get('/health/ready')).body.code === 'shutting_down');
    expect((await client.get('/health/live')).status).toBe(200);
    expect((await client.get('/users/me', { bearer: accessToken })).status).toBe(200);
    await held.commit();
    expect((await underWay).status).toBe(200);
    expect(await program.ended()).toBe(0);

    const lines = linesOf(program);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'info', url, msg: `listening on ${url}` }));
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'shutting down', signal: 'SIGTERM' }));
    expect(lines.at(-1)).toMatchObject({ msg: 'shut down' });
    expect(lines.filter(({ route, level }) => route === '/health/live' && level === 'info')).toEqual([]);
  });

  it('serves metrics on a port of their own, and not on that of its callers', async () => {
    const program = await start({ METRICS_PORT: '0' });
    const url = await program.ready();
    const metrics = String(linesOf(program).find(({ msg }) => msg === `listening on ${url}`)?.metrics);
    const answer = await fetch(metrics);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('auth_http_requests_under_way');
    expect((await new Client(url).get('/metrics')).status).toBe(404);
    expect((await fetch(metrics.replace('/metrics', '/users/me'))).status).toBe(404);
  });

  it('loads nothing for traces that nobody collects', async () => {
    const NODE_OPTIONS = `--import=data:text/javascript;base64,${Buffer.from(LOADED).toString('base64')}`;
    const program = await start({ NODE_OPTIONS });
    await program.ready();
    program.child.kill('SIGUSR2');
    await until(async () => program.output.includes('loaded '));
    expect(program.output).toMatch(/loaded 0 of \d{3,}/);
  });
});
