import { randomBytes } from 'node:crypto';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { folder, removeFolders } from '../support/embedded/embedded-clusters.js';
import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { endPrograms, Program } from '../support/processes/program.js';
import { refresh, times } from '../support/sessions/refreshes.js';
import { contentOf, sessionOf } from '../support/sessions/sessions-seen.js';
import { until } from '../support/time/until.js';

describe('kill -9 in the middle of rotations', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(async () => {
    await endPrograms();
    await database.drop();
    await removeFolders();
  });

  const start = async (settings: Record<string, string>): Promise<Program> =>
    Program.start({ cwd: await folder(), settings: { DATABASE_URL: database.url, ...settings } });

  /** Rotates on and on, until the service is gone in the middle of it. */
  const rotate = async (client: Client, tokens: string[]): Promise<void> => {
    for (;;) {
      const answer = await refresh(client, tokens.at(-1)).catch(() => null);
      if (!answer) return;
      expect(answer.status).toBe(200);
      tokens.push(answer.body.refreshToken as string);
    }
  };

  it('leaves every session with one live token, which its client gets by a retry', async () => {
    const settings = { AUTH_SECRET: randomBytes(32).toString('base64url'), REFRESH_REUSE_SECONDS: '60' };
    const killed = await start(settings);
    const before = new Client(await killed.ready());
    const people = await Promise.all(times(8, () => signedIn(before)));
    const histories = people.map(({ refreshToken }) => [refreshToken]);
    const rotating = Promise.all(histories.map((tokens) => rotate(before, tokens)));
    await until(async () => histories.every(({ length }) => length > 20));
    expect(await killed.kill('SIGKILL')).toBe('SIGKILL');
    await rotating;

    const restarted = await start(settings);
    const client = new Client(await restarted.ready());
    for (const tokens of histories) {
      const retries = [await refresh(client, tokens.at(-1)), await refresh(client, tokens.at(-1))];
      expect(retries.map(({ status }) => status)).toEqual([200, 200]);
      expect(retries[1]!.body.refreshToken).toBe(retries[0]!.body.refreshToken);
      const { generation, nonce, closed_at } = await sessionOf(database, tokens[0]);
      expect({ generation, nonce, closed_at }).toEqual({
        generation: tokens.length,
        nonce: expect.any(Buffer),
        closed_at: null,
      });
      expect(contentOf(retries[0]!.body.refreshToken)).toMatchObject({ generation, nonce });
    }
    expect(await database.query('SELECT FROM sessions')).toHaveLength(8);
    expect(killed.output + restarted.output).not.toContain('refresh_token_reuse');
  });
});

describe('A bug that nothing caught', () => {
  it('ends the process with 1 and a log line that repeats no parameter of a statement', async () => {
    const bug = `process.on('SIGUSR2', () => {
      throw Object.assign(new Error('duplicate key'), { severity: 'ERROR', code: '23505', parameters: ['canary@example.com'] });
    })`;
    const database = await createDatabase();
    try {
      const program = Program.start({
        cwd: await folder(),
        settings: {
          DATABASE_URL: database.url,
          NODE_OPTIONS: `--import=data:text/javascript;base64,${Buffer.from(bug).toString('base64')}`,
        },
      });
      await program.ready();
      expect(await program.kill('SIGUSR2')).toBe(1);
      expect(program.output).toMatch(/ fatal crashed .*"sqlState":"23505"/);
      expect(program.output).not.toContain('canary');
    } finally {
      await endPrograms();
      await database.drop();
      await removeFolders();
    }
  });
});
