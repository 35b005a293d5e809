import { createHash } from 'node:crypto';
import { BreachedPasswords } from '../../../src/auth/passwords/breached-passwords.service.js';
import { HashPool } from '../../../src/auth/passwords/hashing/hash-pool.service.js';
import { OneTimeTokensService } from '../../../src/one-time-tokens/one-time-tokens.service.js';
import { createDatabase, type TestDatabase } from '../../support/database/database.js';
import { type Answer, Client } from '../../support/http/client.js';
import { expectAlike } from '../../support/mail/mailed.js';
import { logIn, signedIn, stranger } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';
import { endless, half, range, RangeServer, text } from '../support/range-server.js';

const BREACHED = 'seen in three dumps';
const SHA1 = createHash('sha1').update(BREACHED).digest('hex').toUpperCase();

describe('A password that is known to the world', () => {
  const ranges = new RangeServer();
  let database: TestDatabase;
  let service: TestService;
  let client: Client;
  let asMade: BreachedPasswords['bounds'];

  beforeAll(async () => {
    await ranges.start();
    database = await createDatabase();
    service = await startService({ database, settings: { PWNED_PASSWORDS_URL: ranges.url } });
    client = new Client(service.url);
    asMade = { ...service.app.get(BreachedPasswords, { strict: false }).bounds };
    patient(service);
  });
  beforeEach(() => {
    ranges.asked.length = 0;
    ranges.answer = range(BREACHED, 3);
  });
  afterAll(async () => {
    await service.stop();
    await database.drop();
    await ranges.stop();
  });

  /** A busy machine must not look like a server that is away. */
  function patient({ app }: TestService, withinMillis = 20_000): void {
    app.get(BreachedPasswords, { strict: false }).bounds.withinMillis = withinMillis;
  }
  const register = (password = BREACHED) => client.post('/auth/register', { ...stranger(), password });
  const hashed = (): number => service.app.get(HashPool, { strict: false }).jobs;
  const refused = (field = 'password') => ({
    status: 400,
    body: { code: 'validation_failed', errors: [{ field, code: 'password_breached' }] },
  });
  const linkOf = async (userId: string, email: string): Promise<string> =>
    (await service.app.get(OneTimeTokensService, { strict: false }).issue(userId, 'reset_password', email))!;

  it('is refused before anything is hashed, and only five digits of its digest are told', async () => {
    const before = hashed();
    const answer = await register();
    expect(answer).toMatchObject(refused());
    expect(hashed()).toBe(before);
    const [asked, ...more] = ranges.asked;
    expect(more).toEqual([]);
    expect([asked!.method, asked!.url, asked!.headers['add-padding']]).toEqual([
      'GET',
      `/range/${SHA1.slice(0, 5)}`,
      'true',
    ]);
    const sent = JSON.stringify([asked!.url, asked!.rawHeaders]);
    for (const secret of [BREACHED, SHA1.slice(5, 12), 'cookie', 'referer', '127.0.0.1:3000']) {
      expect(sent.toLowerCase()).not.toContain(secret.toLowerCase());
    }
    expect(answer.text + service.log.join('')).not.toMatch(new RegExp(`${BREACHED}|${SHA1.slice(0, 5)}`, 'i'));
  });

  it('is asked for no oftener than registrations are let through', async () => {
    const settings = { PWNED_PASSWORDS_URL: ranges.url, RATE_LIMITS: 'on', REQUESTS_PER_ADDRESS: '10' };
    const limited = await startService({ settings });
    try {
      patient(limited);
      const there = new Client(limited.url);
      const statuses: number[] = [];
      for (let i = 0; i < 15; i += 1) {
        statuses.push((await there.post('/auth/register', { ...stranger(), password: BREACHED })).status);
      }
      expect(statuses).toEqual([...Array<number>(10).fill(400), ...Array<number>(5).fill(429)]);
      expect(ranges.asked).toHaveLength(10);
    } finally {
      await limited.stop();
    }
  });

  it('is refused in whatever form it was typed', async () => {
    ranges.answer = range('caf\u00e9 au lait', 1);
    expect(await register('cafe\u0301 au lait')).toMatchObject(refused());
  });

  it.each([
    ['is not among those that came back', range('another one', 3)],
    ['stands there as padding only', range(BREACHED, 0)],
  ])('is taken when it %s', async (_, answer) => {
    ranges.answer = answer;
    expect((await register()).status).toBe(201);
  });

  it('is found whatever ends the lines', async () => {
    ranges.answer = range(BREACHED, 1, '\n');
    expect(await register()).toMatchObject(refused());
  });

  it('is refused where one is reset, and the link stays good', async () => {
    const person = stranger();
    ranges.answer = range(BREACHED, 0);
    const { userId } = await signedIn(client, person);
    const token = await linkOf(userId, person.email);
    ranges.answer = range(BREACHED, 3);
    expect(await client.post('/auth/reset-password', { token, password: BREACHED })).toMatchObject(refused());
    expect((await client.post('/auth/reset-password', { token, password: 'not in any dump' })).status).toBe(204);
  });

  it('is refused where one is changed, once the current one is proven', async () => {
    const person = stranger();
    const { accessToken: bearer } = await signedIn(client, person);
    ranges.asked.length = 0;
    const change = (currentPassword: string): Promise<Answer> =>
      client.post('/users/me/password', { currentPassword, newPassword: BREACHED }, { bearer });
    expect((await change('not the password')).status).toBe(403);
    expect(ranges.asked).toEqual([]);
    expect(await change(person.password)).toMatchObject(refused('newPassword'));
    await logIn(client, person);
  });

  it('is not asked for when it breaks another rule, nor by a link that leads nowhere, nor at a login', async () => {
    for (const password of ['short', 'password123']) expect((await register(password)).status).toBe(400);
    const token = 'A'.repeat(43);
    expect((await client.post('/auth/reset-password', { token, password: BREACHED })).status).toBe(400);
    expect((await client.post('/auth/accept-invitation', { token, password: BREACHED })).status).toBe(400);
    expect((await client.post('/auth/login', { ...stranger(), password: BREACHED })).status).toBe(401);
    expect(ranges.asked).toEqual([]);
  });

  it('is refused alike for addresses with an account and without, where nobody may be told', async () => {
    const person = stranger();
    await signedIn(client, person);
    const settings = {
      PWNED_PASSWORDS_URL: ranges.url,
      EMAIL_VERIFICATION: 'required',
      AUTH_SECRET: service.config.authSecrets[0]!.toString('base64url'),
    };
    const strict = await startService({ database, settings });
    try {
      const there = new Client(strict.url);
      patient(strict);
      for (const [password, status] of [
        [BREACHED, 400],
        ['not in any dump', 202],
      ] as const) {
        ranges.asked.length = 0;
        const send = ({ email }: { email: string }) => there.post('/auth/register', { email, password });
        await expectAlike([send(person), send(stranger())]);
        expect((await send(person)).status).toBe(status);
        expect(ranges.asked).toHaveLength(3);
      }
    } finally {
      await strict.stop();
    }
  });

  describe('is not held against anybody while it cannot be asked for', () => {
    const accepted = async (): Promise<void> => expect((await register()).status).toBe(201);
    const said = (event: string): unknown[] =>
      service.log
        .map((line) => JSON.parse(line) as { event?: string; reason?: string; level: unknown })
        .filter((line) => line.event === event)
        .map(({ reason }) => reason);
    const well = async (): Promise<void> => {
      ranges.answer = range(BREACHED, 3);
      expect(await register()).toMatchObject(refused());
      service.log.length = 0;
    };
    beforeEach(well);

    it.each([
      ['an error', text(500, ''), 'status'],
      ['too many requests', text(429, 'slow down'), 'status'],
      ['that it lies elsewhere', text(302, '', { location: '/range/elsewhere' }), 'status'],
      ['a page', text(200, '<!doctype html><p>Sign in to the airport'), 'garbage'],
      ['a line of another form', text(200, `${SHA1.slice(5)}:3\r\n<p>`), 'garbage'],
      ['nothing', text(200, ''), 'garbage'],
      ['a lie about its form', text(200, 'not gzip', { 'content-encoding': 'gzip' }), 'unreachable'],
      ['ever more', endless, 'too_long'],
      ['half of it', half, 'unreachable'],
    ])('because it answers with %s', async (_, answer, reason) => {
      ranges.answer = answer;
      await accepted();
      await accepted();
      expect(said('pwned_passwords_away')).toEqual([reason]);
      expect(service.log.join('')).not.toMatch(new RegExp(`${BREACHED}|${SHA1.slice(0, 5)}|airport`, 'i'));
      ranges.answer = range(BREACHED, 3);
      expect(await register()).toMatchObject(refused());
      expect(said('pwned_passwords_back')).toHaveLength(1);
    });

    it.each([
      ['does not answer', () => undefined],
      ['begins and does not end', (response) => void response.write(`${SHA1.slice(5)}:3\r\n`)],
    ] as [string, RangeServer['answer']][])('because it %s within a second', async (_, answer) => {
      ranges.answer = answer;
      expect(asMade.withinMillis).toBe(1_000);
      patient(service, asMade.withinMillis);
      await accepted();
      patient(service);
      expect(said('pwned_passwords_away')).toEqual(['timeout']);
    });

    it('because it is away, and is asked again when it is back', async () => {
      await ranges.stop();
      await accepted();
      expect(said('pwned_passwords_away')).toEqual(['unreachable']);
      await ranges.start();
      await well();
    });
  });

  it('is taken where nobody set a server to ask', async () => {
    const plain = await startService({
      database,
      settings: { AUTH_SECRET: service.config.authSecrets[0]!.toString('base64url') },
    });
    try {
      const answer = await new Client(plain.url).post('/auth/register', { ...stranger(), password: BREACHED });
      expect([answer.status, ranges.asked]).toEqual([201, []]);
    } finally {
      await plain.stop();
    }
  });
});
