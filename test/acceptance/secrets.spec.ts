import { sendRaw } from '../platform/http/support/raw-http.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { type Gate, openGate } from '../support/database/gate.js';
import { hold } from '../support/database/held.js';
import { type Answer, Client, type RequestOptions } from '../support/http/client.js';
import { claimsOf, type Person } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { until } from '../support/time/until.js';
import { issuedBy, ownSecrets } from './support/secrets.js';

const ORIGIN = 'http://localhost:3000';
const FORGED_LINE = 'agent\u0085{"level":"info","msg":"request"}';
const SQL = /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b|\$1/;
/** Some of the database's own messages quote values, as this one does. */
const OUTSPOKEN = `
  CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''value % is refused'', NEW.hash; END';
  CREATE TRIGGER tell BEFORE INSERT ON credentials FOR EACH ROW EXECUTE FUNCTION tell()`;
/** And so does the detail of a broken rule: it holds the whole row. */
const UNFULFILLABLE = `
  DROP TRIGGER tell ON credentials;
  ALTER TABLE credentials ADD CONSTRAINT never CHECK (false) NOT VALID`;

describe('What must not be told', () => {
  let database: TestDatabase;
  let gate: Gate;
  let service: TestService;
  let client: Client;
  let requests = 0;
  let people = 0;
  const passwords: string[] = [];
  const emails: string[] = [];
  const mailed: string[] = [];
  const answers: Answer[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    gate = await openGate(database.url);
    service = await startService({ database: { ...database, url: gate.url } });
    client = new Client(service.url);
    await everyFlow();
    await unreadable();
    await withoutDatabase();
    await withStuckDatabase();
    await withBrokenTables();
    await until(async () => requestLines().length >= requests);
  });
  afterAll(async () => {
    await service.stop();
    await gate.stop();
    await database.drop();
  });

  const requestLines = (): string[] => service.log.filter((line) => line.includes('"msg":"request"'));

  const kept = async (answer: Promise<Answer>): Promise<Answer> => {
    requests += 1;
    answers.push(await answer);
    return answer;
  };
  const post = (path: string, body?: object, options?: RequestOptions): Promise<Answer> =>
    kept(client.post(path, body, { headers: { 'user-agent': FORGED_LINE }, ...options }));

  const canary = (): Person => {
    people += 1;
    const person = { email: `canary-${people}@example.com`, password: `canary-in-the-coal-mine-${people}-\u00e9` };
    emails.push(person.email);
    passwords.push(person.password);
    return person;
  };

  /** Everything a person does, well and badly. */
  async function everyFlow(): Promise<void> {
    const person = canary();
    await post('/auth/register', person);
    await post('/auth/register', person);
    await post('/auth/register', { ...canary(), password: 'canary1' });
    await post('/auth/register', { ...person, nickname: person.password });
    await kept(client.raw('/auth/login', `{"password":"${person.password}"`, 'application/json'));
    await post('/auth/login', canary());
    await post('/auth/login', { ...person, password: canary().password });
    const { body } = await post('/auth/login', person);
    const refreshed = await post('/auth/refresh', { refreshToken: body.refreshToken });
    await post('/auth/refresh', { refreshToken: body.refreshToken });
    await post('/auth/refresh', { refreshToken: `${String(refreshed.body.refreshToken)}A` });
    await post('/auth/refresh', { refreshToken: person.password });
    const bearer = refreshed.body.accessToken as string;
    await kept(client.get('/users/me', { bearer }));
    await kept(client.get('/users/me', { bearer: `${bearer}A` }));
    await kept(client.get(`/sessions?token=${bearer}`, { bearer }));
    await kept(client.get(`/${bearer}/${encodeURIComponent(person.password)}`));
    await kept(client.delete(`/sessions/${String(claimsOf(bearer).sid)}x`, { bearer }));
    const byCookie = await post('/auth/login', { ...person, transport: 'cookie' });
    const cookie = byCookie.headers.get('set-cookie')?.split(';')[0] ?? '';
    await post('/auth/refresh', undefined, { headers: { cookie, origin: 'https://evil.example' } });
    await post('/auth/refresh', undefined, { headers: { cookie: `${cookie}; ${cookie}`, origin: ORIGIN } });
    await post('/auth/refresh', undefined, { headers: { cookie, origin: ORIGIN } });
    await post('/auth/logout', undefined, { headers: { cookie, origin: ORIGIN } });
    await reuse(person);
    await kept(client.delete('/sessions', { bearer }));
    await recover(person);
    await post('/auth/login', person);
  }

  /** What the HTTP parser refuses: garbage, headers that are too large, a body that breaks off its own frame. */
  async function unreadable(): Promise<void> {
    const { email, password } = canary();
    const body = 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const texts = [
      `${password} ${email}\r\n\r\n`,
      `GET /users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${password.repeat(1_000)}\r\n\r\n`,
      `POST /auth/login?password=${encodeURIComponent(password)} HTTP/1.1\r\nHost: x\r\n${body}${password}\r\n`,
    ];
    const { port } = new URL(service.url);
    const statuses = await Promise.all(texts.map(async (text) => (await sendRaw(Number(port), text)).status));
    expect(statuses).toEqual([400, 431, 400]);
    requests += texts.length;
  }

  /** Links by mail, used well and badly; the person has the same password afterwards. */
  async function recover(person: Person): Promise<void> {
    const link = await service.mailbox.next({ to: person.email, template: 'verify_email' });
    await post('/auth/verify-email/resend', { email: person.email });
    await service.mailbox.next({ to: person.email, template: 'verify_email' });
    await post('/auth/verify-email', { token: link.token });
    await post('/auth/forgot-password', { email: person.email });
    const { token } = await service.mailbox.next({ to: person.email, template: 'reset_password' });
    mailed.push(link.token, token);
    await post('/auth/reset-password', { token, password: 'canary1' });
    await post('/auth/reset-password', { token: `${token}A`, password: person.password });
    await post('/auth/reset-password', { token, password: person.password });
    await post('/auth/accept-invitation', { token, password: person.password });
  }

  /** A token that comes back when it is used up: the session closes, and that is an event. */
  async function reuse(person: Person): Promise<void> {
    let { body } = await post('/auth/login', person);
    const first = body.refreshToken;
    for (let i = 0; i < 2; i++) ({ body } = await post('/auth/refresh', { refreshToken: body.refreshToken }));
    expect((await post('/auth/refresh', { refreshToken: first })).status).toBe(401);
  }

  async function everythingFails(statuses: number[]): Promise<void> {
    const { body } = answers.findLast((answer) => answer.body.refreshToken !== undefined)!;
    const bearer = body.accessToken as string;
    const failed = await Promise.all([
      post('/auth/register', canary()),
      post('/auth/reset-password', { token: mailed[0], password: canary().password }),
      post('/auth/login', canary()),
      post('/auth/refresh', { refreshToken: body.refreshToken }),
      post('/auth/logout', { refreshToken: body.refreshToken }),
      kept(client.get('/users/me', { bearer })),
      kept(client.get('/sessions', { bearer })),
    ]);
    for (const { status } of failed) expect(statuses).toContain(status);
  }

  const untilReady = (): Promise<unknown> =>
    until(async () => (await kept(client.get('/health/ready'))).status === 200, 10_000);

  async function withoutDatabase(): Promise<void> {
    gate.shut();
    await everythingFails([503]);
    gate.open();
    await untilReady();
  }

  /** Locked tables, and a connection on which nothing comes any more. */
  async function withStuckDatabase(): Promise<void> {
    const held = await hold(database);
    await held.run('LOCK TABLE users, sessions IN ACCESS EXCLUSIVE MODE');
    await everythingFails([503]);
    await held.rollBack();
    gate.freeze();
    await everythingFails([503]);
    gate.open();
    await untilReady();
  }

  async function withBrokenTables(): Promise<void> {
    await database.query('ALTER TABLE users RENAME TO users_away');
    await database.query('ALTER TABLE sessions RENAME TO sessions_away');
    await everythingFails([500]);
    await database.query('ALTER TABLE users_away RENAME TO users');
    await database.query('ALTER TABLE sessions_away RENAME TO sessions');
    for (const fault of [OUTSPOKEN, UNFULFILLABLE]) {
      await database.query(fault);
      expect((await post('/auth/register', canary())).status).toBe(500);
    }
  }

  it('was all tried', () => {
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200, 201, 202, 204, 400, 401, 403, 404, 409, 500, 503]),
    );
    expect(service.log.some((line) => line.includes('refresh_token_reuse'))).toBe(true);
  });

  it('is in no log line at any level', async () => {
    const log = service.log.join('');
    expect([service.config.logLevel, new Set(service.log.map(levelOf))]).toEqual([
      'trace',
      new Set(['debug', 'info', 'warn', 'error']),
    ]);
    const tokens = answers.flatMap(issuedBy);
    expect([passwords.length > 5, tokens.length > 10, mailed.length]).toEqual([true, true, 2]);
    for (const secret of [...passwords, ...tokens, ...mailed, 'canary1', 'canary-in-the-coal'])
      expect(log).not.toContain(secret);
    for (const [secret, name] of await ownSecrets(service)) expect([name, log.includes(secret)]).toEqual([name, false]);
    expect(log).not.toMatch(/\$2[aby]\$|eyJ|Bearer |is refused|Failing row/);
    expect(log).not.toMatch(SQL);
  });

  it('is no email at info or above', () => {
    const lines = service.log.filter((line) => !['debug', 'trace'].includes(levelOf(line)));
    expect(lines.length).toBeGreaterThan(requests);
    for (const email of emails) expect(lines.join('')).not.toContain(email);
    expect(lines.join('')).not.toMatch(/canary-\d/);
  });

  it('is in no answer but the one that gives it out', async () => {
    const secrets = [
      ...passwords,
      ...mailed,
      'canary1',
      ...(await ownSecrets(service)).keys(),
      ...answers.flatMap(issuedBy),
    ];
    for (const answer of answers) {
      const own = new Set(issuedBy(answer));
      const told = `${JSON.stringify([...answer.headers])}${answer.text}`;
      for (const secret of secrets) if (!own.has(secret)) expect(told).not.toContain(secret);
      expect(told).not.toMatch(SQL);
      if (answer.status >= 400) expect(told).not.toMatch(/canary|users_|sessions_|\bat .*\.(ts|js)/);
    }
  });

  it('is in no metric, nor is any email or id', async () => {
    const told = await service.instruments.metrics.text();
    expect(told).toContain('refresh_token_reuse');
    for (const secret of [...passwords, ...mailed, ...answers.flatMap(issuedBy), 'canary'])
      expect(told).not.toContain(secret);
    for (const [secret, name] of await ownSecrets(service))
      expect([name, told.includes(secret)]).toEqual([name, false]);
    expect(told).not.toMatch(/\$2[aby]\$|eyJ|@|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('is in no row of the audit log, nor is any email', async () => {
    const rows = await database.query<{ row: string }>('SELECT to_jsonb(e)::text AS row FROM audit_events e');
    const log = rows.map(({ row }) => row).join('\n');
    expect(log).toContain('refresh_token_reuse');
    for (const secret of [...passwords, ...answers.flatMap(issuedBy), 'canary']) expect(log).not.toContain(secret);
    for (const [secret, name] of await ownSecrets(service)) expect([name, log.includes(secret)]).toEqual([name, false]);
    expect(log).not.toMatch(/\$2[aby]\$|eyJ|Bearer |@/);
  });

  it('is one line for one request, whatever its user agent', () => {
    expect(requestLines()).toHaveLength(requests);
    for (const line of service.log) {
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(line.slice(0, -1)).not.toMatch(/\p{Cc}|\u2028|\u2029/u);
      expect(levelOf(line)).toMatch(/^(trace|debug|info|warn|error)$/);
    }
  });
});

function levelOf(line: string): string {
  return (JSON.parse(line) as { level: string }).level;
}
