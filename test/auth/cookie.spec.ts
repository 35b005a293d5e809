import { Client, type Answer } from '../support/http/client.js';
import { register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { openSessions } from '../support/sessions/sessions-seen.js';

const ISSUER = 'http://localhost:3000';
const APP = 'https://app.example.com';

describe('The cookie transport', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: { CORS_ORIGINS: APP } });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const cookieOf = (answer: Answer): string => answer.headers.getSetCookie()[0] ?? '';
  const valueOf = (answer: Answer): string => cookieOf(answer).split(';')[0]!;
  const logIn = async (): Promise<Answer> => {
    const person = stranger();
    await register(client, person);
    return client.post('/auth/login', { ...person, transport: 'cookie' });
  };

  it('puts the refresh token into a cookie that scripts cannot read, and not into the body', async () => {
    const answer = await logIn();
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      accessToken: expect.any(String),
      tokenType: 'Bearer',
      expiresIn: 600,
      refreshExpiresIn: 604_800,
    });
    expect(cookieOf(answer)).toMatch(/^refresh_token=[\w-]{99}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('takes the __Host- name and Secure where the issuer is https', async () => {
    const secure = await startService({ settings: { ISSUER_URL: 'https://auth.example.com' } });
    try {
      const there = new Client(secure.url);
      const person = stranger();
      await register(there, person);
      const answer = await there.post('/auth/login', { ...person, transport: 'cookie' });
      expect(cookieOf(answer)).toMatch(
        /^__Host-refresh_token=[\w-]{99}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      );
    } finally {
      await secure.stop();
    }
  });

  it('ends at a login the session whose place in the browser the new one takes', async () => {
    const [before, elsewhere] = [await logIn(), await logIn()];
    const person = stranger();
    await register(client, person);
    const login = (body: object, cookie: string): Promise<Answer> =>
      client.post('/auth/login', { ...person, ...body }, { headers: { cookie } });
    const refreshed = async (answer: Answer): Promise<number> => {
      const headers = { cookie: valueOf(answer), origin: ISSUER };
      return (await client.post('/auth/refresh', undefined, { headers })).status;
    };
    expect((await login({ transport: 'cookie', password: 'not the password' }, valueOf(before))).status).toBe(401);
    expect((await login({}, valueOf(elsewhere))).status).toBe(200);
    const now = await login({ transport: 'cookie' }, valueOf(before));
    expect(await Promise.all([now, before, elsewhere].map(refreshed))).toEqual([200, 401, 200]);
    expect((await login({ transport: 'cookie' }, 'refresh_token=nonsense')).status).toBe(200);
  });

  it('opens no session where the one that it replaces cannot be ended', async () => {
    const person = stranger();
    const userId = await register(client, person);
    const [browser, headers] = [await logIn(), { origin: ISSUER }];
    const login = (): Promise<Answer> =>
      client.post('/auth/login', { ...person, transport: 'cookie' }, { headers: { cookie: valueOf(browser) } });
    await service.database.query(`
      CREATE FUNCTION stay_open() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '55P03'; END $$`);
    await service.database.query(
      'CREATE TRIGGER stay_open BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION stay_open()',
    );
    const refused = await login();
    await service.database.query('DROP FUNCTION stay_open CASCADE');
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([503, []]);
    expect(await openSessions(service.database, userId)).toBe(0);
    expect((await login()).status).toBe(200);
    const cookie = valueOf(browser);
    expect((await client.post('/auth/refresh', undefined, { headers: { ...headers, cookie } })).status).toBe(401);
  });

  it.each([[ISSUER], [APP]])('refreshes by cookie for the origin %s', async (origin) => {
    const login = await logIn();
    const answer = await client.post('/auth/refresh', undefined, { headers: { cookie: valueOf(login), origin } });
    expect(answer.status).toBe(200);
    expect(answer.body.refreshToken).toBeUndefined();
    expect(valueOf(answer)).not.toBe(valueOf(login));
  });

  it.each([['https://evil.example'], ['null'], [`${APP}.evil.example`], [undefined]])(
    'refuses refresh and logout by cookie from the origin %s',
    async (origin) => {
      const cookie = valueOf(await logIn());
      const headers = { cookie, ...(origin === undefined ? {} : { origin }) };
      for (const path of ['/auth/refresh', '/auth/logout']) {
        const answer = await client.post(path, undefined, { headers });
        expect([answer.status, answer.body.code]).toEqual([403, 'origin_not_allowed']);
      }
      const honest = await client.post('/auth/refresh', undefined, { headers: { cookie, origin: APP } });
      expect(honest.status).toBe(200);
    },
  );

  it('logs out by cookie and takes the cookie away', async () => {
    const cookie = valueOf(await logIn());
    const headers = { cookie, origin: ISSUER };
    const answer = await client.post('/auth/logout', undefined, { headers });
    expect(answer.status).toBe(204);
    expect(cookieOf(answer)).toMatch(/^refresh_token=; Max-Age=0;.*HttpOnly/);
    expect((await client.post('/auth/refresh', undefined, { headers })).status).toBe(401);
  });

  describe('takes a cookie away that opens nothing any more', () => {
    const refreshBy = (cookie: string, origin = ISSUER): Promise<Answer> =>
      client.post('/auth/refresh', undefined, { headers: { cookie, origin } });
    const gone = /^refresh_token=; Max-Age=0;.*HttpOnly/;

    it('with the refusal of a session that is closed', async () => {
      const cookie = valueOf(await logIn());
      await client.post('/auth/logout', undefined, { headers: { cookie, origin: ISSUER } });
      const answer = await refreshBy(cookie);
      expect([answer.status, answer.body.code]).toEqual([401, 'invalid_refresh_token']);
      expect(cookieOf(answer)).toMatch(gone);
    });

    it('with the refusal of a token that was used up, which closes its session', async () => {
      const cookie = valueOf(await logIn());
      await service.database.query(`UPDATE sessions SET generation = generation + 2, nonce = sha256('x')::bytea`);
      const answer = await refreshBy(cookie);
      expect(answer.status).toBe(401);
      expect(cookieOf(answer)).toMatch(gone);
    });

    it('and leaves it where another origin asks, or where a secret that another replica has may open it', async () => {
      const cookie = valueOf(await logIn());
      await client.post('/auth/logout', undefined, { headers: { cookie, origin: ISSUER } });
      const elsewhere = await refreshBy(cookie, 'https://evil.example');
      expect([elsewhere.status, elsewhere.headers.getSetCookie()]).toEqual([403, []]);
      const foreign = await refreshBy(`refresh_token=${Buffer.alloc(74, 7).toString('base64url')}`);
      expect([foreign.status, foreign.headers.getSetCookie()]).toEqual([401, []]);
    });

    it('and not with the refusal of a token in the body', async () => {
      const person = stranger();
      await register(client, person);
      const { body } = await client.post('/auth/login', person);
      await client.post('/auth/logout', { refreshToken: body.refreshToken });
      const answer = await client.post(
        '/auth/refresh',
        { refreshToken: body.refreshToken },
        { headers: { cookie: 'a=b' } },
      );
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([401, []]);
    });
  });

  it('prefers the token of the body, which no other site can cause to be sent', async () => {
    const person = stranger();
    await register(client, person);
    const { body } = await client.post('/auth/login', person);
    const answer = await client.post(
      '/auth/refresh',
      { refreshToken: body.refreshToken },
      { headers: { cookie: 'refresh_token=whatever', origin: 'https://evil.example' } },
    );
    expect(answer.status).toBe(200);
    expect(answer.body.refreshToken).toEqual(expect.any(String));
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});
