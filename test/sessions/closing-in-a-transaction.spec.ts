import { Database } from '../../src/platform/database/database.service.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('A session that is closed within a larger transaction', () => {
  let service: TestService;
  let client: Client;
  let database: Database;
  let sessions: SessionsService;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    database = service.app.get(Database, { strict: false });
    sessions = service.app.get(SessionsService, { strict: false });
  });
  afterAll(() => service.stop());

  const ask = async (accessToken: string): Promise<number> =>
    (await client.get('/users/me', { bearer: accessToken })).status;

  it('stays open if that is rolled back', async () => {
    const { userId, accessToken } = await signedIn(client);
    const failing = database.inTransaction(async () => {
      await sessions.closeAll(userId, null, 'closed_by_user');
      throw new Error('the rest of it fails');
    });
    await expect(failing).rejects.toThrow('the rest of it fails');
    expect(await ask(accessToken)).toBe(200);
  });

  it('is refused once that is committed, and not before', async () => {
    const { userId, accessToken } = await signedIn(client);
    await database.inTransaction(async () => {
      await sessions.closeAll(userId, null, 'closed_by_user');
      expect(await ask(accessToken)).toBe(200);
    });
    expect(await ask(accessToken)).toBe(401);
  });
});
