import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hash as bcryptHash } from 'bcryptjs';
import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { folder } from '../support/embedded/embedded-clusters.js';
import { Client } from '../support/http/client.js';
import { claimsOf, logIn, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { endCommands, runBeside } from './support/commands.js';

const HASH = `$2b$10$${'e'.repeat(53)}`;

describe('npm run users', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => endCommands(service));

  /** @returns what it said, once it has ended with `code` */
  const users = (words: string[], code = 0, input?: string): Promise<string> =>
    runBeside(service, ['users', ...words], { code, input });
  const textOf = (lines: readonly (object | string)[]): string =>
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  const fileOf = async (...lines: (object | string)[]): Promise<string> => {
    const file = path.join(await folder(), 'users.jsonl');
    await writeFile(file, textOf(lines));
    return file;
  };
  const userOf = async (email: string): Promise<Record<string, unknown> | undefined> =>
    (await service.database.query('SELECT * FROM users WHERE email = $1', [email]))[0];
  const count = async (table: string): Promise<number> =>
    (await service.database.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table}`))[0]!.count;

  it('says what there is to ask for when it does not understand', async () => {
    const said = await users(['import'], 1);
    for (const usage of ['npm run users -- import FILE ', '--dry-run']) expect(said).toContain(usage);
  });

  it('brings people along, who come in with the password that they had', async () => {
    const person = stranger();
    const id = '6f6ec9e2-4f0b-4a08-9d0e-0d8d3b1c1f11';
    const passwordHash = await bcryptHash(person.password, 4);
    const createdAt = '2020-02-03T04:05:06.000Z';
    const file = await fileOf({ id, ...{ email: person.email.toUpperCase() }, passwordHash, createdAt, role: 'admin' });
    const said = await users(['import', file]);
    expect(said).toContain('Imported: 1, already there: 0, refused: 0.');
    for (const secret of [person.email, passwordHash.slice(29)]) expect(said).not.toContain(secret);
    expect(await userOf(person.email)).toMatchObject({ id, role: 'admin', email_verified_at: null, invited_at: null });
    expect(await userOf(person.email)).toMatchObject({ created_at: new Date(createdAt) });
    expect(claimsOf((await logIn(client, person)).accessToken)).toMatchObject({ sub: id, role: 'admin' });
    const events = await service.database.query(
      `SELECT type, actor_id, detail FROM audit_events WHERE subject_id = $1 ORDER BY created_at`,
      [id],
    );
    expect(events[0]).toEqual({ type: 'user_imported', actor_id: null, detail: { role: 'admin' } });
    expect(service.mailbox.waiting({ to: person.email })).toEqual([]);
  });

  it('leaves who has no password to choose one, from the standard input', async () => {
    const { email } = stranger();
    const said = await users(['import', '-'], 0, textOf([{ email, emailVerified: true, locale: 'ru' }]));
    expect(said).toContain('Imported: 1,');
    const user = await userOf(email);
    expect(user).toMatchObject({ email_verified_at: expect.any(Date), invited_at: expect.any(Date), locale: 'ru' });
    expect(user!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    await client.post('/auth/forgot-password', { email });
    const { token } = await service.mailbox.next({ to: email });
    const password = 'nothing like the one before';
    expect((await client.post('/auth/reset-password', { token, password })).status).toBe(204);
    await logIn(client, { email, password });
    expect(await userOf(email)).toMatchObject({ invited_at: null });
  });

  it('leaves what is there as it is, so that it may be run again', async () => {
    const [known, ...others] = [stranger(), stranger(), stranger()];
    await register(client, known);
    const file = await fileOf(...[known, ...others, others[0]].map(({ email }) => ({ email, passwordHash: HASH })));
    expect(await users(['import', file])).toContain('Imported: 2, already there: 2, refused: 0.');
    const before = await Promise.all(['users', 'credentials', 'audit_events'].map(count));
    expect(await users(['import', file])).toContain('Imported: 0, already there: 4, refused: 0.');
    expect(await Promise.all(['users', 'credentials', 'audit_events'].map(count))).toEqual(before);
    await logIn(client, known);
  });

  it('takes no address that is kept for who gave it up', async () => {
    const person = stranger();
    const { email } = stranger();
    const id = await register(client, person);
    await service.app.get(OneTimeTokensService, { strict: false }).issue(id, 'undo_email_change', email);
    const said = await users(['import', await fileOf({ email, passwordHash: HASH })]);
    expect(said).toContain('Imported: 0, already there: 1, refused: 0.');
    expect(await userOf(email)).toBeUndefined();
  });

  it('names the lines that it refuses, and never what stands in them, imports the others, and ends with 1', async () => {
    const good = [stranger(), stranger()];
    const id = await register(client, stranger());
    const file = await fileOf(
      { email: good[0]!.email, passwordHash: HASH },
      { email: 'nobody', passwordHash: HASH },
      '',
      { email: stranger().email, passwordHash: 'secret-argon2' },
      'secret-text',
      { email: stranger().email, id },
      { email: good[1]!.email },
    );
    const said = await users(['import', file], 1);
    expect(said.match(/^line .*$/gm)).toEqual([
      'line 2: email: not one plain email address',
      'line 4: passwordHash: not a bcrypt hash of a cost from 4 to 15',
      'line 5: not JSON',
      'line 6: id: an account with another address has it',
    ]);
    expect(said).toContain('Imported: 2, already there: 0, refused: 4.');
    expect(said).not.toMatch(/secret|nobody|eeee/);
    for (const { email } of good) expect(await userOf(email)).toBeDefined();
  });

  it('only says what would become of them when it is asked to', async () => {
    const before = await Promise.all(['users', 'credentials', 'audit_events'].map(count));
    const file = await fileOf({ email: stranger().email, passwordHash: HASH }, 'none');
    expect(await users(['import', file, '--dry-run'], 1)).toContain(
      'Would be imported: 1, already there: 0, refused: 1.',
    );
    expect(await Promise.all(['users', 'credentials', 'audit_events'].map(count))).toEqual(before);
  });

  it('imports more than one transaction holds', async () => {
    const before = await count('users');
    const lines = Array.from({ length: 501 }, () => ({ email: stranger().email, passwordHash: HASH }));
    expect(await users(['import', '-'], 0, textOf(lines))).toContain('Imported: 501, already there: 0, refused: 0.');
    expect((await count('users')) - before).toBe(501);
  });

  it('says by a dry run what an import says, also of lines that lie far apart', async () => {
    const [known, twice, other] = [stranger(), stranger(), stranger()];
    await register(client, known);
    const [id, another] = ['0f6ec9e2-4f0b-4a08-9d0e-0d8d3b1c1f12', '0f6ec9e2-4f0b-4a08-9d0e-0d8d3b1c1f13'];
    const crowd = Array.from({ length: 500 }, () => ({ email: stranger().email }));
    const file = await fileOf(
      ...[{ email: twice.email, id }, ...crowd],
      ...[{ email: twice.email, id }, { email: twice.email.toUpperCase(), id: another }, { email: known.email }],
      ...[{ email: other.email, id }, ...crowd, { email: other.email, id: another }],
    );
    const counts = '502, already there: 503, refused: 1.';
    for (const [words, said] of [
      [['--dry-run'], 'Would be imported'],
      [[], 'Imported'],
    ] as const) {
      const answer = await users(['import', file, ...words], 1);
      expect(answer.match(/^line .*$/gm)).toEqual(['line 505: id: an account with another address has it']);
      expect(answer).toContain(`${said}: ${counts}`);
    }
  });

  it('imports whom a line before could not, though both have one address', async () => {
    const { email } = stranger();
    const id = await register(client, stranger());
    for (const [words, said] of [
      [['--dry-run'], 'Would be imported'],
      [[], 'Imported'],
    ] as const)
      expect(await users(['import', '-', ...words], 1, textOf([{ email, id }, { email }]))).toContain(
        `${said}: 1, already there: 0, refused: 1.`,
      );
    expect(await userOf(email)).toBeDefined();
  });

  it('says why a file cannot be read', async () => {
    expect(await users(['import', path.join(await folder(), 'none.jsonl')], 1)).toContain('cannot be read (ENOENT)');
  });
});
