import { Client } from '../support/http/client.js';
import { ada, claimsOf, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('POST /auth/login', () => {
  let service: TestService;
  let client: Client;
  let adaId: string;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    adaId = await register(client, ada);
  });
  afterAll(() => service.stop());

  it('answers with a token pair that no cache may keep', async () => {
    const answer = await client.post('/auth/login', ada);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      expiresIn: 600,
      refreshToken: expect.stringMatching(/^[\w-]{99}$/),
      refreshExpiresIn: 604_800,
    });
  });

  it('signs the claims of RFC 9068 and its own', async () => {
    const { body } = await client.post('/auth/login', ada);
    const token = body.accessToken as string;
    const header = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as Record<string, unknown>;
    const now = Math.floor(Date.now() / 1000);
    const claims = claimsOf(token);
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    expect(claims).toEqual({
      iss: 'http://localhost:3000',
      aud: 'http://localhost:3000',
      sub: adaId,
      user_id: adaId,
      email: ada.email,
      email_verified: false,
      role: 'user',
      sid: expect.any(String),
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: (claims.iat as number) + 600,
      auth_time: expect.any(Number),
      amr: ['pwd'],
    });
    expect(Math.abs((claims.iat as number) - now)).toBeLessThan(30);
    expect(Math.abs((claims.auth_time as number) - now)).toBeLessThan(30);
  });

  it('tells passwords apart past the 72nd byte', async () => {
    const person = { ...stranger(), password: `${'x'.repeat(72)}one tail` };
    await register(client, person);
    expect((await client.post('/auth/login', { ...person, password: `${'x'.repeat(72)}two tail` })).status).toBe(401);
    expect((await client.post('/auth/login', person)).status).toBe(200);
  });

  it.each([
    ['case', 'The analytical engine'],
    ['a space at the end', 'the analytical engine '],
    ['a NUL and more', 'the analytical engine\u0000x'],
  ])('tells passwords apart by %s', async (_, password) => {
    expect((await client.post('/auth/login', { ...ada, password })).status).toBe(401);
  });

  it('knows a password however it was composed', async () => {
    const person = { ...stranger(), password: 'café au lait' };
    await register(client, person);
    expect((await client.post('/auth/login', { ...person, password: 'cafe\u0301 au lait' })).status).toBe(200);
  });

  it('renews a hash of another cost at the next right login, and only then', async () => {
    const person = stranger();
    const id = await register(client, person);
    const costlier = await startService({
      database: service.database,
      settings: { BCRYPT_COST: '5', AUTH_SECRET: service.config.authSecrets[0]!.toString('base64url') },
    });
    const hash = async (): Promise<string> =>
      (await service.database.query<{ hash: string }>('SELECT hash FROM credentials WHERE user_id = $1', [id]))[0]!
        .hash;
    try {
      const there = new Client(costlier.url);
      const before = await hash();
      expect((await there.post('/auth/login', { ...person, password: 'a wrong one' })).status).toBe(401);
      expect(await hash()).toBe(before);
      expect((await there.post('/auth/login', person)).status).toBe(200);
      expect(await hash()).toMatch(/^\$2b\$05\$/);
      expect((await there.post('/auth/login', person)).status).toBe(200);
    } finally {
      await costlier.stop();
    }
  });

  it.each([['email'], ['password']])('refuses a login without %s', async (field) => {
    const answer = await client.post('/auth/login', { ...ada, [field]: undefined });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ field, code: 'required' }] });
  });

  it('refuses a transport it does not know', async () => {
    const answer = await client.post('/auth/login', { ...ada, transport: 'pigeon' });
    expect(answer.body).toMatchObject({ status: 400, errors: [{ field: 'transport' }] });
  });
});
