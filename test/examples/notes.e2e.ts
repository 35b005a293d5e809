import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client } from '../support/http/client.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { installNotesExample, type NotesExample } from '../support/processes/notes-example.js';
import { logIn, type Person, signedIn, stranger } from '../support/people/people.js';
import { freePort, type Running, startProcess } from '../support/processes/processes.js';
import { KeyServer } from '../../packages/guard/test/support/key-server.js';
import { getRaw } from '../../packages/guard/test/support/raw.js';
import { tokenCases } from '../../packages/guard/test/support/token-cases.js';
import { newKey, token } from '../../packages/guard/test/support/tokens.js';

const INVALID = 'Bearer error="invalid_token", error_description="The access token is invalid or has expired."';
const serviceMain = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

let example: NotesExample;
beforeAll(async () => {
  example = await installNotesExample();
}, 180_000);
afterAll(() => example.remove());

const running: Running[] = [];
afterAll(() => Promise.all(running.map((each) => each.kill())));

async function startNotes(issuer: string): Promise<{ app: Running; notes: Client }> {
  const app = await startProcess(example.main, await freePort(), '/notes/count', { AUTH_ISSUER: issuer });
  running.push(app);
  return { app, notes: new Client(app.url) };
}

it('the example is tested by its own tests, without the service', async () => {
  await expect(example.test()).resolves.toBeDefined();
});

describe('the example and the service, two processes', () => {
  let database: TestDatabase;
  let startService: () => Promise<Running>;
  let service: Running;
  let auth: Client;
  let notes: Client;

  beforeAll(async () => {
    database = await createDatabase();
    const port = await freePort();
    const settings = {
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      AUTH_SECRET: randomBytes(32).toString('base64url'),
      ISSUER_URL: `http://127.0.0.1:${port}`,
      BCRYPT_COST: '4',
    };
    startService = async () => {
      const started = await startProcess(serviceMain, port, '/health/ready', settings);
      running.push(started);
      return started;
    };
    service = await startService();
    auth = new Client(service.url);
    ({ notes } = await startNotes(service.url));
  });
  afterAll(async () => {
    await service.kill();
    await database.drop();
  });

  it('let someone who has registered keep notes of their own', async () => {
    const [ada, bob] = [await signedIn(auth), await signedIn(auth)];
    expect((await notes.post('/notes', { text: 'hers' }, { bearer: ada.accessToken })).status).toBe(201);
    expect((await notes.get('/notes', { bearer: ada.accessToken })).body).toEqual([
      { owner: ada.userId, text: 'hers' },
    ]);
    expect((await notes.get('/notes', { bearer: bob.accessToken })).body).toEqual([]);
    expect((await notes.get('/notes/count')).body).toEqual({ count: 1 });
    expect((await notes.delete('/notes', { bearer: ada.accessToken })).status).toBe(204);
    const renewed = await auth.post('/auth/refresh', { refreshToken: ada.refreshToken });
    expect((await notes.get('/notes', { bearer: renewed.body.accessToken as string })).body).toEqual([]);
  });

  it('ask a stranger for a token, and refuse a refresh token', async () => {
    const refused = await notes.get('/notes');
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const { refreshToken } = await signedIn(auth);
    const answer = await notes.get('/notes', { bearer: refreshToken });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, INVALID]);
  });

  it('show all notes to administrators only', async () => {
    const person: Person = stranger();
    const { userId, accessToken } = await signedIn(auth, person);
    const answer = await notes.get('/notes/all', { bearer: accessToken });
    expect([answer.status, answer.body.code]).toEqual([403, 'insufficient_role']);
    await database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [userId]);
    const asAdmin = await logIn(auth, person);
    expect((await notes.get('/notes/all', { bearer: asAdmin.accessToken })).status).toBe(200);
  });

  it('part without harm: the example goes on without the service, and starts without it', async () => {
    const { accessToken: bearer } = await signedIn(auth);
    expect((await notes.get('/notes', { bearer })).status).toBe(200);
    await service.kill();
    expect((await notes.get('/notes', { bearer })).status).toBe(200);
    const { notes: late } = await startNotes(service.url);
    const answer = await late.get('/notes', { bearer });
    expect([answer.status, answer.body.code]).toEqual([503, 'keys_unavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await late.get('/notes/count')).status).toBe(200);
    service = await startService();
    await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after')) * 1000));
    expect((await late.get('/notes', { bearer })).status).toBe(200);
  });
});

describe('the example and a token signed by the test', () => {
  const issuer = new KeyServer();
  let port: number;
  let notes: Client;
  let good: string;
  let cases: ReturnType<typeof tokenCases>;

  beforeAll(async () => {
    await issuer.start();
    cases = tokenCases(issuer.url, Math.floor(Date.now() / 1000));
    issuer.publish(cases.key, cases.otherCurve);
    good = cases.accepted['as the service signs it'] ?? '';
    const started = await startNotes(issuer.url);
    notes = started.notes;
    port = Number(new URL(started.app.url).port);
  });
  afterAll(() => issuer.stop());

  it.each(Object.keys(tokenCases().accepted))('is accepted %s', async (name) => {
    expect((await notes.get('/notes', { bearer: cases.accepted[name]! })).status).toBe(200);
  });

  it.each(Object.keys(tokenCases().refused))('is refused: %s', async (name) => {
    const answer = await notes.get('/notes', { bearer: cases.refused[name]! });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, INVALID]);
    expect(answer.body).toMatchObject({ status: 401, code: 'invalid_token' });
  });

  it('is refused when it comes twice, and of 100 KB is refused by the server', async () => {
    const line = `Authorization: Bearer ${good}`;
    expect(await getRaw(port, '/notes', [line])).toMatch(/^HTTP\/1.1 200 /);
    expect(await getRaw(port, '/notes', [line, line])).toMatch(/^HTTP\/1.1 401 /);
    expect(await getRaw(port, '/notes', [line, 'authorization: Basic YTpi'])).toMatch(/^HTTP\/1.1 401 /);
    expect((await notes.get('/notes', { bearer: 'x'.repeat(100_000) })).status).toBe(431);
  });

  it('is not seen in the query, the body or a cookie', async () => {
    const headers = { cookie: `access_token=${good}; token=${good}` };
    const answer = await notes.post(`/notes?access_token=${good}`, { access_token: good }, { headers });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('by unknown keys costs the issuer one fetch, however many come', async () => {
    const fetches = issuer.fetches;
    const strangers = Array.from({ length: 50 }, () => token(newKey()));
    const answers = await Promise.all(strangers.map((bearer) => notes.get('/notes', { bearer })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(issuer.fetches - fetches).toBeLessThanOrEqual(1);
  });
});
