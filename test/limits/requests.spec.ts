import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, Client } from '../support/http/client.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { logIn, type Person, register, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { countHashes, countStatements, LIMITED } from './support/guessing.js';

const SETTINGS = { ...LIMITED, REQUESTS_PER_ADDRESS: '10' };
const TOKEN = 'A'.repeat(43);

const ASKS: [string, () => object][] = [
  ['/auth/register', () => stranger()],
  ['/auth/forgot-password', () => ({ email: stranger().email })],
  ['/auth/verify-email/resend', () => ({ email: stranger().email })],
];
const FOLLOWS: [string, object][] = [
  ['/auth/verify-email', { token: TOKEN }],
  ['/auth/reset-password', { token: TOKEN, password: 'a password of my own' }],
  ['/auth/accept-invitation', { token: TOKEN, password: 'a password of my own' }],
  ['/auth/confirm-email-change', { token: TOKEN }],
  ['/auth/undo-email-change', { token: TOKEN }],
];

let places = 0;
/** An address of a network of its own. */
const somewhere = (): string => `10.${(places += 1)}.0.1`;

describe('What anybody may ask for', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: SETTINGS });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const from = (ip: string, path: string, body: object): Promise<Answer> =>
    client.post(path, body, { headers: { 'x-forwarded-for': ip } });
  const many = async (times: number, ask: () => Promise<Answer>): Promise<number[]> => {
    const statuses: number[] = [];
    for (let i = 0; i < times; i++) statuses.push((await ask()).status);
    return statuses;
  };
  const expectRefusal = (answer: Answer): void => {
    expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(answer.headers.get('ratelimit')).toMatch(/^"[a-z]+";r=0;t=\d+$/);
    expect(answer.headers.get('ratelimit-policy')).toMatch(/^"[a-z]+";q=10;w=3600$/);
  };

  it.each(ASKS)('is counted by address: %s', async (path, body) => {
    const ip = somewhere();
    const first = await from(ip, path, body());
    expect(first.headers.get('ratelimit')).toMatch(/^"[a-z]+";r=9;t=3600$/);
    expect(new Set(await many(9, () => from(ip, path, body())))).toEqual(new Set([first.status]));
    const hashes = await countHashes([service], async () => expectRefusal(await from(ip, path, body())));
    expect(hashes).toBe(0);
    expect((await from(somewhere(), path, body())).status).toBe(first.status);
  });

  it.each(FOLLOWS)(
    'is counted by address where the link is bad, and a flood then costs no statement: %s',
    async (path, body) => {
      const ip = somewhere();
      expect(await many(10, () => from(ip, path, body))).toEqual(Array(10).fill(400));
      expectRefusal(await from(ip, path, body));
      expect(await countStatements(service.database, () => many(5, () => from(ip, path, body)))).toBe(0);
      expect((await from(somewhere(), path, body)).status).toBe(400);
    },
  );

  it.each([
    ['a link', '/auth/verify-email', { token: TOKEN }, 400],
    ['a refresh token', '/auth/refresh', { refreshToken: 'none' }, 401],
  ])('is counted by network, four times as often, where %s is bad', async (_what, path, body, refusal) => {
    const network = somewhere().replace(/1$/, '');
    const bad = (i: number): Promise<Answer> => from(`${network}${1 + (i % 5)}`, path, body);
    for (let i = 0; i < 40; i++) expect((await bad(i)).status).toBe(refusal);
    expect((await bad(40)).status).toBe(429);
    expect((await from(somewhere(), path, body)).status).toBe(refusal);
  });

  it('is a refresh as often as anybody likes, while the token is good', async () => {
    const ip = somewhere();
    let { refreshToken } = await signedIn(client);
    for (let i = 0; i < 15; i++) {
      const answer = await from(ip, '/auth/refresh', { refreshToken });
      expect([answer.status, answer.headers.get('ratelimit')]).toEqual([200, null]);
      refreshToken = answer.body.refreshToken as string;
    }
    expect(await many(10, () => from(ip, '/auth/refresh', { refreshToken: 'bad' }))).toEqual(Array(10).fill(401));
    expectRefusal(await from(ip, '/auth/refresh', { refreshToken: 'bad' }));
    expect((await from(ip, '/auth/refresh', { refreshToken })).status).toBe(200);
    expect(
      await countStatements(service.database, () => many(5, () => from(ip, '/auth/refresh', { refreshToken: 'bad' }))),
    ).toBe(0);
  });

  it.each([
    ['POST', '/users/me/password', { newPassword: 'an entirely new one' }],
    ['POST', '/users/me/email', { email: 'elsewhere@example.com' }],
    ['DELETE', '/users/me', {}],
  ] as const)('is no end of guesses at the password of who is signed in: %s %s', async (method, path, more) => {
    const person = stranger();
    const { accessToken: bearer } = await signedIn(client, person);
    const ask = (currentPassword: string): Promise<Answer> => {
      const body = { ...more, currentPassword };
      return method === 'POST' ? client.post(path, body, { bearer }) : client.delete(path, { bearer, body });
    };
    expect(await many(5, () => ask('a wrong one'))).toEqual(Array(5).fill(403));
    const refused = await ask(person.password);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect(refused.headers.get('ratelimit')).toMatch(/^"password";r=0;t=\d+$/);
  });

  it('is not counted when it is refused for its form', async () => {
    const ip = somewhere();
    await many(12, () => from(ip, '/auth/register', { email: 'no address', password: 'x' }));
    await many(12, () => from(ip, '/auth/register', { email: stranger().email, password: 'password' }));
    expect((await from(ip, '/auth/register', stranger())).status).toBe(201);
  });
});

describe('Mails that strangers cause', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: { ...SETTINGS, EMAIL_VERIFICATION: 'required' } });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  /** All in turn, from all over the world. @returns what differs between the answers */
  const bomb = async (times: number, path: string, body: object): Promise<string[]> => {
    const told = new Set<string>();
    for (let i = 0; i < times; i++) {
      const answer = await client.post(path, body, { headers: { 'x-forwarded-for': somewhere() } });
      told.add(`${answer.status} ${answer.text} ${answer.headers.get('ratelimit')}`);
    }
    return [...told];
  };
  const person = async () => {
    const someone = stranger();
    await client.post('/auth/register', someone, { headers: { 'x-forwarded-for': somewhere() } });
    await service.mailbox.next({ to: someone.email, template: 'verify_email' });
    return someone;
  };
  /** Not sent: the next one was asked for before it was. */
  const outdated = (): number => service.log.filter((line) => line.includes('"event":"mail_outdated"')).length;
  const mailsTo = async (email: string, before: number): Promise<number> => {
    await untilNothingIsQueued(service.database);
    return service.mailbox.waiting({ to: email }).length + outdated() - before;
  };

  it.each(['/auth/forgot-password', '/auth/verify-email/resend', '/auth/register'])(
    'are five in an hour to one address, and nobody is told: %s',
    async (path) => {
      const { email, password } = await person();
      const before = outdated();
      const isRegistration = path === '/auth/register';
      const told = await bomb(9, path, isRegistration ? { email, password } : { email });
      expect(told).toEqual([`202  "${isRegistration ? 'registration' : 'mail'}";r=9;t=3600`]);
      expect(await mailsTo(email, before)).toBe(isRegistration ? 4 : 5); // one came with the registration
    },
  );
});

describe('The way back into an account', () => {
  it.each([
    ['/auth/verify-email/resend', (email: string) => ({ email })],
    ['/auth/register', (email: string) => ({ email, password: 'a password of my own' })],
  ])(
    'is not shut by a stranger who asks for other mails to its address, of which none goes out: %s',
    async (path, body) => {
      const service = await startService({ settings: SETTINGS });
      try {
        const client = new Client(service.url);
        const { email } = stranger();
        await register(client, { email, password: 'the password of its owner' });
        const { token } = await service.mailbox.next({ to: email, template: 'verify_email' });
        expect((await client.post('/auth/verify-email', { token })).status).toBe(204);
        for (let i = 0; i < 6; i++)
          await client.post(path, body(email), { headers: { 'x-forwarded-for': somewhere() } });
        await untilNothingIsQueued(service.database);
        expect(service.mailbox.waiting({ to: email })).toEqual([]);
        await client.post('/auth/forgot-password', { email });
        await service.mailbox.next({ to: email, template: 'reset_password' });
      } finally {
        await service.stop();
      }
    },
  );
});

describe('Whoever wants a new address for the account', () => {
  it('cannot bomb somebody else with mails', async () => {
    const service = await startService({ settings: LIMITED });
    try {
      const client = new Client(service.url);
      const victim = stranger();
      for (let i = 0; i < 8; i++) {
        const attacker = stranger();
        await register(client, attacker);
        const { body } = await client.post('/auth/login', attacker);
        const wanted = { email: victim.email, currentPassword: attacker.password };
        const bearer = body.accessToken as string;
        expect((await client.post('/users/me/email', wanted, { bearer })).status).toBe(202);
      }
      await untilNothingIsQueued(service.database);
      expect(service.mailbox.waiting({ to: victim.email, template: 'already_registered' })).toHaveLength(0);
      expect(service.mailbox.waiting({ to: victim.email })).toHaveLength(5);
    } finally {
      await service.stop();
    }
  });
});

describe("Whoever has made an account with an address that is somebody else's", () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: { ...LIMITED, REFRESH_REUSE_SECONDS: '0' } });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const noticesAfter = async (attempts: number, cause: (person: Person, i: number) => Promise<unknown>) => {
    const person = stranger();
    await signedIn(client, person);
    await service.mailbox.next({ to: person.email, template: 'verify_email' });
    for (let i = 0; i < attempts; i++) await cause(person, i);
    await untilNothingIsQueued(service.database);
    return service.mailbox.waiting({ to: person.email }).length;
  };
  const logInAs = async (person: Person, userAgent: string): Promise<Tokens> => {
    const answer = await client.post('/auth/login', person, { headers: { 'user-agent': userAgent } });
    expect(answer.status).toBe(200);
    return answer.body as unknown as Tokens;
  };

  it('has it told of five new devices in an hour, and no more', async () => {
    expect(await noticesAfter(8, (person, i) => logInAs(person, `Device/${i}`))).toBe(5);
  });

  it('has it told of five changes of the password', async () => {
    const notices = await noticesAfter(8, async (person) => {
      const { accessToken: bearer } = await logIn(client, person);
      const newPassword = `${person.password}!`;
      const body = { currentPassword: person.password, newPassword };
      expect((await client.post('/users/me/password', body, { bearer })).status).toBe(204);
      person.password = newPassword;
    });
    expect(notices).toBe(5);
  });

  it('has it told of five changes of the address', async () => {
    const notices = await noticesAfter(8, async (person) => {
      const { accessToken: bearer } = await logIn(client, person);
      const body = { currentPassword: person.password, email: stranger().email };
      expect((await client.post('/users/me/email', body, { bearer })).status).toBe(202);
    });
    expect(notices).toBe(5);
  });

  it('has it told of five sessions that were closed for reuse', async () => {
    const notices = await noticesAfter(8, async (person) => {
      const { refreshToken } = await logIn(client, person);
      expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(200);
      expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(401);
    });
    expect(notices).toBe(5);
  });

  it('is held up no more once the address is confirmed', async () => {
    const person = stranger();
    await signedIn(client, person);
    const { token } = await service.mailbox.next({ to: person.email, template: 'verify_email' });
    expect((await client.post('/auth/verify-email', { token })).status).toBe(204);
    for (let i = 0; i < 8; i++) await logInAs(person, `Device/${i}`);
    await untilNothingIsQueued(service.database);
    expect(service.mailbox.waiting({ to: person.email, template: 'new_device' })).toHaveLength(8);
  });
});
