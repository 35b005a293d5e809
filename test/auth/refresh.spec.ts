import { Client } from '../support/http/client.js';
import { claimsOf, signedIn, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('POST /auth/refresh', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const refresh = (refreshToken: string) => client.post('/auth/refresh', { refreshToken });
  const sessionOf = (tokens: Tokens): string => claimsOf(tokens.accessToken).sid as string;
  const row = async (tokens: Tokens) =>
    (await service.database.query('SELECT * FROM sessions WHERE id = $1', [sessionOf(tokens)]))[0]!;
  /** Moves a session into the past, as if this time had gone by since. */
  const letPass = (tokens: Tokens, interval: string) =>
    service.database.query(
      `UPDATE sessions SET created_at = created_at - $2::interval, refreshed_at = refreshed_at - $2::interval,
              expires_at = expires_at - $2::interval WHERE id = $1`,
      [sessionOf(tokens), interval],
    );

  it('gives a new pair of the same session', async () => {
    const first = await signedIn(client);
    const answer = await refresh(first.refreshToken);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const second = answer.body as unknown as Tokens;
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(claimsOf(second.accessToken)).toMatchObject({ sid: sessionOf(first), sub: first.userId });
    expect(claimsOf(second.accessToken).auth_time).toBe(claimsOf(first.accessToken).auth_time);
    expect(second).toMatchObject({ expiresIn: 600, refreshExpiresIn: 604_800 });
  });

  it('answers the parent again within the window with the same successor', async () => {
    const tokens = await signedIn(client);
    const once = await refresh(tokens.refreshToken);
    const twice = await refresh(tokens.refreshToken);
    expect(twice.status).toBe(200);
    expect(twice.body.refreshToken).toBe(once.body.refreshToken);
  });

  it('closes the session when a refresh token comes back after the window', async () => {
    const tokens = await signedIn(client);
    const successor = (await refresh(tokens.refreshToken)).body as unknown as Tokens;
    await letPass(tokens, '11 seconds');
    const answer = await refresh(tokens.refreshToken);
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_refresh_token']);
    expect((await refresh(successor.refreshToken)).status).toBe(401);
    expect(await row(tokens)).toMatchObject({ close_reason: 'refresh_token_reuse', closed_at: expect.any(Date) });
    const events = service.log.filter(
      (line) => line.includes('refresh_token_reuse') && line.includes(sessionOf(tokens)),
    );
    expect(events).toHaveLength(1);
  });

  it('does not lengthen the window by a replay', async () => {
    const tokens = await signedIn(client);
    await refresh(tokens.refreshToken);
    await letPass(tokens, '6 seconds');
    expect((await refresh(tokens.refreshToken)).status).toBe(200);
    await letPass(tokens, '6 seconds');
    expect((await refresh(tokens.refreshToken)).status).toBe(401);
  });

  it('closes the session when the grand-parent comes back, even inside the window', async () => {
    const tokens = await signedIn(client);
    const second = (await refresh(tokens.refreshToken)).body as unknown as Tokens;
    const third = (await refresh(second.refreshToken)).body as unknown as Tokens;
    expect((await refresh(tokens.refreshToken)).status).toBe(401);
    expect((await refresh(third.refreshToken)).status).toBe(401);
  });

  it('closes the session when a token is newer than the row, as after a restored backup', async () => {
    const tokens = await signedIn(client);
    const second = (await refresh(tokens.refreshToken)).body as unknown as Tokens;
    await service.database.query(
      `UPDATE sessions SET generation = generation - 1, nonce = previous_nonce, previous_nonce = NULL WHERE id = $1`,
      [sessionOf(tokens)],
    );
    expect((await refresh(second.refreshToken)).status).toBe(401);
    expect(await row(tokens)).toMatchObject({ close_reason: 'refresh_token_reuse' });
  });

  it('ends a session that was not refreshed for seven days', async () => {
    const tokens = await signedIn(client);
    await letPass(tokens, '7 days 1 second');
    expect((await refresh(tokens.refreshToken)).status).toBe(401);
    expect(await row(tokens)).toMatchObject({ closed_at: null });
  });

  it('ends a session after thirty days, however often it was refreshed', async () => {
    let tokens: Tokens = await signedIn(client);
    const first = tokens;
    for (let days = 0; days < 24; days += 6) {
      await letPass(first, '6 days');
      tokens = (await refresh(tokens.refreshToken)).body as unknown as Tokens;
    }
    expect(tokens.refreshExpiresIn).toBeLessThanOrEqual(6 * 86_400);
    await letPass(first, '6 days 1 second');
    expect((await refresh(tokens.refreshToken)).status).toBe(401);
  });

  it('reads email and role afresh', async () => {
    const tokens = await signedIn(client);
    const email = `renamed-${tokens.userId}@example.com`;
    await service.database.query(`UPDATE users SET role = 'editor', email = $2 WHERE id = $1`, [tokens.userId, email]);
    const { body } = await refresh(tokens.refreshToken);
    expect(claimsOf(body.accessToken as string)).toMatchObject({ role: 'editor', email });
  });

  it('refuses a disabled user', async () => {
    const tokens = await signedIn(client);
    await service.database.query('UPDATE users SET disabled_at = now() WHERE id = $1', [tokens.userId]);
    expect((await refresh(tokens.refreshToken)).status).toBe(401);
  });

  it('refuses a token whose every byte but one is right, without asking the database', async () => {
    const { refreshToken } = await signedIn(client);
    const bytes = Buffer.from(refreshToken, 'base64url');
    await service.database.query('ALTER TABLE sessions RENAME TO sessions_away');
    try {
      for (let at = 0; at < bytes.length; at += 1) {
        const forged = Buffer.from(bytes);
        forged[at]! ^= 1;
        expect((await refresh(forged.toString('base64url'))).status).toBe(401);
      }
      expect((await refresh('anything')).status).toBe(401);
    } finally {
      await service.database.query('ALTER TABLE sessions_away RENAME TO sessions');
    }
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it('refuses a token of a secret that is not listed, and takes one of any that is', async () => {
    const tokens = await signedIn(client);
    const other = Buffer.alloc(32, 'another secret of thirty-two byte').toString('base64url');
    const own = service.config.authSecrets[0]!.toString('base64url');
    const database = service.database;
    const rotated = await startService({ database, settings: { AUTH_SECRET: `${other},${own}` } });
    try {
      const there = new Client(rotated.url);
      const { body } = await there.post('/auth/refresh', { refreshToken: tokens.refreshToken });
      expect((await there.post('/auth/refresh', { refreshToken: body.refreshToken })).status).toBe(200);
      expect((await refresh(body.refreshToken as string)).status).toBe(401);
    } finally {
      await rotated.stop();
    }
  });

  it.each([[undefined], [{}]])('asks for a token when neither body nor cookie holds one (%j)', async (body) => {
    const answer = await client.post('/auth/refresh', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field: 'refreshToken', code: 'required' }] });
  });

  it.each([[''], ['with\u0000nul'], ['x'.repeat(513)], ['ümlaut'], [7], [null], [['a']], [{}]])(
    'refuses %j as a token',
    async (refreshToken) => {
      expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(400);
    },
  );

  it('keeps one row and one live token through a long chain', async () => {
    const first = await signedIn(client);
    let { refreshToken }: { refreshToken: string } = first;
    for (let i = 0; i < 200; i += 1) refreshToken = (await refresh(refreshToken)).body.refreshToken as string;
    expect(await row(first)).toMatchObject({ generation: 200, closed_at: null });
    expect((await service.database.query('SELECT FROM sessions WHERE user_id = $1', [first.userId])).length).toBe(1);
  });
});
