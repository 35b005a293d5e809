import { Client } from '../support/http/client.js';
import { logIn, register, signedIn, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { until } from '../support/time/until.js';
import { sendRaw } from '../platform/http/support/raw-http.js';

describe('A service in production', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({
      settings: { NODE_ENV: 'production', BCRYPT_COST: '10', ISSUER_URL: 'https://auth.example.com' },
    });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  it('has no account until somebody makes one', async () => {
    expect(await service.database.query('SELECT FROM users')).toHaveLength(0);
    expect(await service.database.query('SELECT FROM credentials')).toHaveLength(0);
  });

  it.each([
    ...['/.git/HEAD', '/.git/config', '/.env', '/package.json', '/dist/src/main.js', '/node_modules/pg/package.json'],
    ...['/docs/..%2f.env', '/dev/mailbox', '/metrics', '/debug', '/server-status', '/secrets/auth_secret'],
  ])('has nothing at %s', async (path) => {
    const request = [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', '', ''].join('\r\n');
    const answer = await sendRaw(Number(new URL(service.url).port), request);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
  });

  it.each(['TRACE', 'TRACK', 'DEBUG', 'CONNECT'])('repeats nothing to %s', async (method) => {
    const request = [
      `${method} /users/me HTTP/1.1`,
      'Host: localhost',
      'X-Canary: canary',
      'Connection: close',
      '',
      '',
    ];
    const answer = await sendRaw(Number(new URL(service.url).port), request.join('\r\n'));
    expect([400, 404, 405]).toContain(answer.status);
    expect(answer.text).not.toContain('canary');
  });

  it.each(['/users/me', '/health/live', '/docs', '/openapi.json', '/nothing'])(
    'does not say at %s what it is made with',
    async (path) => {
      const { headers } = await client.get(path);
      expect(['server', 'x-powered-by', 'via'].filter((name) => headers.has(name))).toEqual([]);
      expect([...headers.values()].join('\n')).not.toMatch(/fastify|nestjs|node\.js/i);
    },
  );

  it.each([
    ['/admin/users', 403, 'insufficient_role'],
    ['/admin/events', 403, 'insufficient_role'],
    ['/users/me/events?limit=0', 400, 'validation_failed'],
  ])('writes down who asked for what they may not have: %s', async (path, status, code) => {
    const { userId, accessToken: bearer } = await signedIn(client);
    expect(await client.get(path, { bearer })).toMatchObject({ status, body: { code } });
    const route = path.split('?')[0];
    await until(async () =>
      service.log.some((line) => {
        const entry = JSON.parse(line) as Record<string, unknown>;
        return entry.userId === userId && entry.route === route && entry.status === status && entry.code === code;
      }),
    );
  });

  it('takes a password however old it is', async () => {
    const person = stranger();
    const userId = await register(client, person);
    await service.database.query(`UPDATE credentials SET updated_at = now() - interval '10 years' WHERE user_id = $1`, [
      userId,
    ]);
    await service.database.query(`UPDATE users SET created_at = now() - interval '10 years' WHERE id = $1`, [userId]);
    expect(await logIn(client, person)).toHaveProperty('accessToken');
  });
});
