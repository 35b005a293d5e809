import { postmasterOf } from '../../src/platform/embedded-postgres/postmaster.js';
import { dataOf, folder, isDown, removeFolders } from '../support/embedded/embedded-clusters.js';
import { postgresIn } from '../support/embedded/embedded-of.js';
import { Client } from '../support/http/client.js';
import { ada, logIn, register } from '../support/people/people.js';
import { endPrograms, Program } from '../support/processes/program.js';
import { until } from '../support/time/until.js';

afterAll(async () => {
  await endPrograms();
  await removeFolders();
});

describe('an embedded PostgreSQL that was killed', () => {
  it('is started again, each time, and the service goes on', async () => {
    const cwd = await folder();
    const program = Program.start({ cwd });
    const client = new Client(await program.ready());
    await register(client, ada);
    const seen = new Set<number>();
    for (let time = 1; time <= 2; time++) {
      const { pid } = (await postmasterOf(dataOf(postgresIn(cwd))))!;
      seen.add(pid);
      process.kill(pid, 'SIGKILL');
      await until(
        async () => program.output.split('The embedded PostgreSQL is running again.').length === time + 1,
        20_000,
      );
      await until(async () => (await client.get('/health/ready')).status === 200, 20_000);
      await logIn(client, ada);
    }
    expect(seen.size).toBe(2);
    expect(program.output).toContain('The embedded PostgreSQL has stopped. Restarting it.');
    expect(await program.kill('SIGTERM')).toBe(0);
    expect(await isDown(postgresIn(cwd))).toBe(true);
  });
});
