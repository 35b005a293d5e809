import { chown, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { barrier } from '../../src/platform/embedded-postgres/account.js';
import { hold, untilWaiting } from '../support/database/held.js';
import { dataOf, folder, isDown, removeFolders } from '../support/embedded/embedded-clusters.js';
import { embeddedOf, postgresIn } from '../support/embedded/embedded-of.js';
import { Client } from '../support/http/client.js';
import { ada, logIn, signedIn } from '../support/people/people.js';
import { endPrograms, Program } from '../support/processes/program.js';
import { refresh } from '../support/sessions/refreshes.js';

const here = path.resolve(import.meta.dirname, '../..');
const nobody = { uid: 65534, gid: 65534 };

afterAll(async () => {
  await endPrograms();
  await removeFolders();
});

describe('the first start, without settings, in an empty folder', () => {
  it('says where everything is, serves, ends on SIGTERM, and leaves users and sessions to the next', async () => {
    const cwd = await folder();
    const first = Program.start({ cwd });
    const url = await first.ready();
    const { body } = await new Client(url).get('/.well-known/oauth-authorization-server');
    const issuer = `http://localhost:${new URL(url).port}`; // also with PORT=0
    expect(body.issuer).toBe(issuer);
    expect(first.output).toContain(`API   ${issuer}\n`); // what a guard must be given
    expect(first.output).toContain(`Docs  ${issuer}/docs\n`); // where its cookies are not those of another origin
    expect(first.output).toContain(`Data  ${path.join(cwd, '.data')} (embedded PostgreSQL)\n`);
    const { refreshToken } = await signedIn(new Client(url), ada);
    expect(await first.kill('SIGTERM')).toBe(0);
    expect(await isDown(postgresIn(cwd))).toBe(true);

    const second = Program.start({ cwd });
    const client = new Client(await second.ready());
    expect((await refresh(client, refreshToken)).status).toBe(200);
    expect((await client.post('/auth/register', ada)).status).toBe(409);
    await logIn(client, ada);
    expect(await second.kill('SIGTERM')).toBe(0);
  });
});

it('a misspelt setting is named at the start, in .env as well, and its value is not', async () => {
  const cwd = await folder();
  await writeFile(path.join(cwd, '.env'), 'ACCES_TOKEN_SECONDS=canary\n');
  const program = Program.start({ cwd, settings: { SMTP_URI: 'smtp://canary' } });
  await program.ready();
  expect(program.output).toContain('ACCES_TOKEN_SECONDS: unknown setting. Did you mean ACCESS_TOKEN_SECONDS?');
  expect(program.output).toContain('SMTP_URI: unknown setting. Did you mean SMTP_URL?');
  expect(program.output).not.toContain('canary');
  expect(await program.kill('SIGTERM')).toBe(0);
});

describe('Ctrl-C in a terminal', () => {
  it('lets the request in flight be answered before the database stops', async () => {
    const cwd = await folder();
    const program = Program.start({ cwd });
    const client = new Client(await program.ready());
    const { refreshToken } = await signedIn(client, ada);
    const database = await embeddedOf(cwd);
    const held = await hold(database);
    await held.run('SELECT FROM sessions FOR UPDATE');
    const asked = refresh(client, refreshToken);
    await untilWaiting(database, 1);
    program.interruptGroup();
    await program.refusesConnections();
    await held.commit();
    expect((await asked).status).toBe(200);
    expect(await program.ended()).toBe(0);
    expect(await isDown(postgresIn(cwd))).toBe(true);
  });
});

// Only root can start processes as somebody else, who must then be able to read this project.
if (process.getuid?.() === 0 && (await barrier(here, nobody)) === null) {
  describe('as a user without rights', () => {
    it('starts, serves and keeps its data as that user', async () => {
      const cwd = await folder();
      await chown(cwd, nobody.uid, nobody.gid);
      const program = Program.start({ cwd, ...nobody });
      await signedIn(new Client(await program.ready()), ada);
      for (const made of [path.join(cwd, '.data'), dataOf(postgresIn(cwd))]) {
        expect((await stat(made)).uid).toBe(nobody.uid);
      }
      expect(await program.kill('SIGTERM')).toBe(0);
    });
  });
}
