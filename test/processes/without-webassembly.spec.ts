import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { folder, removeFolders } from '../support/embedded/embedded-clusters.js';
import { Client } from '../support/http/client.js';
import { ada, logIn, register, stranger } from '../support/people/people.js';
import { endPrograms, Program } from '../support/processes/program.js';

const preload = new URL('./support/threads-without-webassembly.mjs', import.meta.url).href;

describe('A service whose hash threads have no WebAssembly', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(async () => {
    await endPrograms();
    await removeFolders();
    await database.drop();
  });

  it('hashes with bcryptjs, and says so once', async () => {
    const settings = { DATABASE_URL: database.url, NODE_OPTIONS: `--import ${preload}` };
    const program = Program.start({ cwd: await folder(), settings });
    const client = new Client(await program.ready());
    await register(client, ada);
    await Promise.all(Array.from({ length: 10 }, () => register(client, stranger())));
    await logIn(client, ada);
    const wrong = await client.post('/auth/login', { ...ada, password: 'not her password' });
    expect(wrong.status).toBe(401);
    expect(await program.kill('SIGTERM')).toBe(0);
    expect(program.output.match(/hash_lanes_unavailable/g)).toHaveLength(1);
    expect(program.output).toContain('bcrypt-lanes needs WebAssembly');
  });
});
