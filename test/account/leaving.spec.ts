import { createHash } from 'node:crypto';
import { Client } from '../support/http/client.js';
import { logIn, type Person, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('Leaving', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const someone = async (): Promise<{ person: Person; userId: string; tokens: Tokens }> => {
    const person = stranger();
    const { userId, ...tokens } = await signedIn(client, person);
    return { person, userId, tokens };
  };
  const close = ({ accessToken }: Tokens, currentPassword: string) =>
    client.delete('/users/me', { bearer: accessToken, body: { currentPassword } });

  describe('GET /users/me/export', () => {
    it('gives everything that is kept, and nothing that only proves who one is', async () => {
      const { person, userId, tokens } = await someone();
      await service.mailbox.next({ to: person.email, template: 'verify_email' });
      const closed = await logIn(client, person);
      await client.post('/auth/logout', { refreshToken: closed.refreshToken });
      const answer = await client.get('/users/me/export', { bearer: tokens.accessToken });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer).toMatchObject({
        status: 200,
        body: {
          account: { id: userId, email: person.email },
          sessions: [{ closeReason: 'logout' }, { closedAt: null, ip: '127.0.0.1' }],
          links: [{ purpose: 'verify_email', address: person.email }],
          eventsCursor: null,
        },
      });
      const { events } = answer.body as { events: { type: string }[] };
      expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['user_registered', 'session_closed']));
      const [kept] = await service.database.query<{ hash: string; nonce: Buffer; digest: Buffer }>(
        `SELECT c.hash, s.nonce, t.digest FROM credentials c
           JOIN sessions s USING (user_id) JOIN one_time_tokens t USING (user_id) WHERE user_id = $1`,
        [userId],
      );
      for (const secret of [kept!.hash, ...[kept!.nonce, kept!.digest].flatMap(spellings)]) {
        expect(answer.text).not.toContain(secret);
      }
    });

    it("holds nothing of anybody else's", async () => {
      const { person: other, userId: otherId } = await someone();
      const { tokens } = await someone();
      const { text } = await client.get('/users/me/export', { bearer: tokens.accessToken });
      expect(text).not.toContain(other.email);
      expect(text).not.toContain(otherId);
    });
  });

  describe('DELETE /users/me', () => {
    it('closes the account at once, and says so by mail', async () => {
      const { person, tokens } = await someone();
      expect((await close(tokens, person.password)).status).toBe(204);
      expect((await client.get('/users/me', { bearer: tokens.accessToken })).status).toBe(401);
      expect((await client.post('/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(401);
      expect((await client.post('/auth/login', person)).status).toBe(401);
      expect((await client.post('/auth/register', person)).status).toBe(409);
      await service.mailbox.next({ to: person.email, template: 'account_closed' });
    });

    it('asks for the password', async () => {
      const { person, tokens } = await someone();
      const refused = { status: 403, body: { code: 'wrong_password' } };
      expect(await close(tokens, 'not the password')).toMatchObject(refused);
      await logIn(client, person);
    });

    it('is refused to the last administrator', async () => {
      const { person, userId, tokens } = await someone();
      await service.database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [userId]);
      expect(await close(tokens, person.password)).toMatchObject({ status: 409, body: { code: 'last_admin' } });
      await logIn(client, person);
    });
  });
});

function spellings(bytes: Buffer): string[] {
  const digest = createHash('sha256').update(bytes).digest();
  return [bytes, digest].flatMap((each) => [each.toString('hex'), each.toString('base64'), each.toString('base64url')]);
}
