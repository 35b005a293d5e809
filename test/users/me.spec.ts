import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('GET /users/me', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  it('answers with the account of the token, which no cache may keep', async () => {
    const { accessToken, userId } = await signedIn(client);
    const answer = await client.get('/users/me', { bearer: accessToken });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      id: userId,
      email: expect.any(String),
      emailVerified: false,
      role: 'user',
      locale: null,
      createdAt: expect.any(String),
    });
  });

  it('asks for a token, naming no error when none was sent', async () => {
    const answer = await client.get('/users/me');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.body).toMatchObject({ status: 401, code: 'invalid_token', requestId: expect.any(String) });
  });

  it.each([
    ['disabled', 'UPDATE users SET disabled_at = now() WHERE id = $1'],
    ['deleted', 'DELETE FROM users WHERE id = $1'],
  ])('refuses the token of a %s account', async (_, sql) => {
    const { accessToken, userId } = await signedIn(client);
    await service.database.query(sql, [userId]);
    const answer = await client.get('/users/me', { bearer: accessToken });
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_token']);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });
});
