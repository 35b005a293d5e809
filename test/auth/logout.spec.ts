import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('POST /auth/logout', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  it('closes the session of the token', async () => {
    const { refreshToken } = await signedIn(client);
    const answer = await client.post('/auth/logout', { refreshToken });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(401);
  });

  it('answers 204 for an unknown token, one used up, and one logged out before', async () => {
    const { refreshToken } = await signedIn(client);
    await client.post('/auth/refresh', { refreshToken });
    for (const token of ['unknown', refreshToken, refreshToken]) {
      expect((await client.post('/auth/logout', { refreshToken: token })).status).toBe(204);
    }
  });

  it('leaves other sessions open', async () => {
    const person = { email: 'two-devices@example.com', password: 'one for each of them' };
    const here = await signedIn(client, person);
    const there = (await client.post('/auth/login', person)).body.refreshToken as string;
    await client.post('/auth/logout', { refreshToken: here.refreshToken });
    expect((await client.post('/auth/refresh', { refreshToken: there })).status).toBe(200);
  });
});
