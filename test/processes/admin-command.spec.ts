import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { Client } from '../support/http/client.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { claimsOf, logIn, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { endCommands, runBeside } from './support/commands.js';

const LINK_BASE_URL = 'https://app.example.com/account';

describe('npm run admin', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => endCommands(service));

  /** @returns what it said, once it has ended with `code` */
  const admin = (words: string[], code = 0, settings: Record<string, string> = { LINK_BASE_URL }): Promise<string> =>
    runBeside(service, ['admin', ...words], { code, settings });
  const linkIn = (said: string): string =>
    /^https:\/\/app\.example\.com\/account\/accept-invitation#token=([\w-]{43})$/m.exec(said)![1]!;
  const userOf = async (email: string): Promise<Record<string, unknown> | undefined> =>
    (await service.database.query('SELECT * FROM users WHERE email = $1', [email]))[0];

  it('says what there is to ask for when it does not understand', async () => {
    const said = await admin(['create'], 1);
    for (const name of ['create EMAIL', 'promote EMAIL']) expect(said).toContain(`npm run admin -- ${name} `);
  });

  it('makes the first admin, and prints a link that is good once', async () => {
    const links = service.app.get(OneTimeTokensService, { strict: false });
    const { email } = stranger();
    const said = await admin(['create', email.toUpperCase()]);
    const user = await userOf(email);
    expect(user).toMatchObject({ role: 'admin', invited_at: expect.any(Date) });
    expect(await links.find(linkIn(said), 'invitation')).toMatchObject({ userId: user!.id, address: email });
    expect(said.match(/#token=/g)).toHaveLength(1);
    const again = linkIn(await admin(['create', email]));
    await expect(links.find(linkIn(said), 'invitation')).rejects.toThrow('already been used');
    expect(await links.find(again, 'invitation')).toMatchObject({ userId: user!.id });
    await untilNothingIsQueued(service.database);
    expect(service.mailbox.waiting({ to: email })).toEqual([]);
    const events = await service.database.query(`SELECT type, actor_id FROM audit_events WHERE subject_id = $1`, [
      user!.id,
    ]);
    expect(events).toContainEqual({ type: 'admin_link_made', actor_id: null });
  });

  it('says what to tell it where it had to assume the address of the service', async () => {
    const { email } = stranger();
    const assumed = await admin(['create', email], 0, { PORT: '3001' });
    expect(assumed).toContain('http://localhost:3001/accept-invitation#token=');
    expect(assumed).toContain('run this command with the same PORT, ISSUER_URL or LINK_BASE_URL');
    const told = await admin(['create', email], 0, { ISSUER_URL: 'https://auth.example.com' });
    expect(told).toContain('https://auth.example.com/accept-invitation#token=');
    expect(told).not.toContain('LINK_BASE_URL');
  });

  it('makes an admin of an account that is there only when asked to', async () => {
    const person = stranger();
    await register(client, person);
    expect(await admin(['create', person.email], 1)).toContain('npm run admin -- promote EMAIL');
    expect(await userOf(person.email)).toMatchObject({ role: 'user' });
    expect(await admin(['promote', person.email])).toContain('is now an admin');
    expect(claimsOf((await logIn(client, person)).accessToken).role).toBe('admin');
  });

  it('promotes neither an address without an account nor an account that is kept out', async () => {
    const person = stranger();
    expect(await admin(['promote', person.email], 1)).toContain('npm run admin -- create EMAIL');
    await register(client, person);
    await service.database.query('UPDATE users SET disabled_at = now() WHERE email = $1', [person.email]);
    expect(await admin(['promote', person.email], 1)).toContain('disabled or closed');
    expect(await userOf(person.email)).toMatchObject({ role: 'user' });
  });
});
