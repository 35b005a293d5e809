import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { createEmptyDatabase, type TestDatabase } from '../support/database/database.js';
import { folder, isDown, removeFolders } from '../support/embedded/embedded-clusters.js';
import { postgresIn } from '../support/embedded/embedded-of.js';
import { endPrograms, Program } from '../support/processes/program.js';
import { SecretRing } from '../../src/platform/secrets/secret-ring.value.js';

/** Must not be seen in any message. */
const canary = 'canary-4711';
const newSecret = (): string => randomBytes(32).toString('base64url');

describe('a start that cannot go well', () => {
  let database: TestDatabase;
  /** Of the keys in that database. */
  const made = newSecret();

  beforeAll(async () => {
    database = await createEmptyDatabase();
  });
  afterAll(async () => {
    await endPrograms();
    await database.drop();
    await removeFolders();
  });

  /** @returns what it said before it ended with 1 */
  const refusal = async (settings: Record<string, string>, cwd?: string): Promise<string> => {
    const program = Program.start({ cwd: cwd ?? (await folder()), settings });
    expect(await program.ended(30_000)).toBe(1);
    expect(program.output).toContain('The auth service did not start.');
    for (const value of [canary, ...Object.values(settings).filter((text) => text.length > 12)]) {
      expect(program.output).not.toContain(value);
    }
    expect(program.output).not.toMatch(/ at .*:\d+:\d+/); // a stack
    return program.output;
  };

  /** The settings that a message names, one a line. */
  const namedIn = (output: string): string[] =>
    [...output.matchAll(/^ +([A-Z_]+): expected /gm)].map(([, name]) => name!);

  it('names every wrong setting and what it expects, and prints no value', async () => {
    const said = await refusal({
      PORT: canary,
      AUTH_SECRET: canary,
      DATABASE_URL: `mysql://${canary}`,
      ACCESS_TOKEN_SECONDS: '86400',
      ISSUER_URL: `https://${canary}/path`,
      TRUSTED_PROXIES: canary,
    });
    expect(namedIn(said).sort()).toEqual(
      ['ACCESS_TOKEN_SECONDS', 'AUTH_SECRET', 'DATABASE_URL', 'ISSUER_URL', 'PORT', 'TRUSTED_PROXIES'].sort(),
    );
  });

  it('asks in production for what it makes up elsewhere', async () => {
    const said = await refusal({ NODE_ENV: 'production', BCRYPT_COST: '12' });
    expect(namedIn(said).sort()).toEqual(['AUTH_SECRET', 'DATABASE_URL', 'ISSUER_URL']);
  });

  it('refuses in production an issuer by http that is not on loopback', async () => {
    const settings = {
      NODE_ENV: 'production',
      BCRYPT_COST: '12',
      DATABASE_URL: database.url,
      AUTH_SECRET: newSecret(),
    };
    expect(namedIn(await refusal({ ...settings, ISSUER_URL: 'http://auth.example.com' }))).toEqual(['ISSUER_URL']);
  });

  it('names the missing secret by its id when the keys of the database were made under another', async () => {
    const settings = { DATABASE_URL: database.url, AUTH_SECRET: made };
    const maker = Program.start({ cwd: await folder(), settings });
    await maker.ready();
    expect(await maker.kill('SIGTERM')).toBe(0);
    const { id } = new SecretRing([Buffer.from(made, 'base64url')]).current;
    const said = await refusal({ ...settings, AUTH_SECRET: newSecret() });
    expect(said).toContain(`AUTH_SECRET lacks the secret with the id ${id}`);
    expect(said).not.toContain(made);
  });

  it.each<[string, string, (url: URL) => void]>([
    ['nobody listens there', 'ECONNREFUSED: no server is listening there', (url) => (url.port = '1')],
    ['there is no such database', '3D000: the database does not exist', (url) => (url.pathname = '/not_there')],
    ['it has no TLS', 'The server does not support SSL connections', (url) => (url.search = '?ssl=true')],
    [
      'it asks for a password and is given none',
      'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
      (url) => (url.password = ''),
    ],
    ['there is no such role', '28P01: wrong user or password', (url) => (url.username = 'not_there')],
  ])('says plainly that the database cannot be used when %s', async (_, why, change) => {
    const url = new URL(database.url);
    change(url);
    const said = await refusal({ DATABASE_URL: url.href, AUTH_SECRET: newSecret() });
    expect(said.trim().split('\n').slice(1)).toEqual([`Cannot use the database in DATABASE_URL (${why}).`]);
    if (url.password) expect(said).not.toContain(url.password);
  });

  it('says which rights a role lacks that may log in and nothing else', async () => {
    const role = `without_rights_${randomBytes(4).toString('hex')}`;
    const password = randomBytes(16).toString('hex');
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
    const url = new URL(database.url);
    Object.assign(url, { username: role, password });
    const empty = await createEmptyDatabase();
    url.pathname = new URL(empty.url).pathname;
    const said = await refusal({ DATABASE_URL: url.href, AUTH_SECRET: newSecret() });
    expect(said).toContain('The role in DATABASE_URL lacks a privilege (42501)');
    expect(said).toContain('GRANT CREATE ON SCHEMA public');
    await empty.drop();
    await database.query(`DROP ROLE ${role}`);
  });

  it.each(['PORT', 'METRICS_PORT'])('says which port is taken, given by %s', async (name) => {
    const other = createServer().unref().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const said = await refusal({ DATABASE_URL: database.url, AUTH_SECRET: made, PORT: '0', [name]: String(port) });
    expect(said).toContain(`Port ${port} is already in use.`);
    other.close();
  });

  it('complains of nothing else where the database is its own', async () => {
    const other = createServer().unref().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const cwd = await folder();
    const said = await refusal({ PORT: String(port) }, cwd);
    expect(said).toContain(`Port ${port} is already in use.`);
    expect(said).not.toContain('"event":'); // of the database that ends with it
    expect(await isDown(postgresIn(cwd))).toBe(true);
    other.close();
  });

  it('says that an address is not one of this machine', async () => {
    const said = await refusal({ DATABASE_URL: database.url, AUTH_SECRET: made, HOST: '192.0.2.1', PORT: '3000' });
    expect(said).toContain('HOST and METRICS_HOST must be IP addresses of this machine.');
  });

  it('says that the data folder cannot be used', async () => {
    const cwd = await folder();
    await writeFile(path.join(cwd, '.data'), 'a file where the folder should be');
    const said = await refusal({ DATABASE_URL: database.url }, cwd);
    expect(said).toMatch(/Cannot read or create the secret in .*auth-secret \(EEXIST\)\. Set DATA_DIR/);
  });
});
