import { Client } from '../support/client.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { type Gate, openGate } from '../support/gate.js';
import { startService, type TestService } from '../support/service.js';

describe('/health', () => {
  let database: TestDatabase;
  let gate: Gate;
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    database = await createDatabase();
    gate = await openGate(database.url);
    service = await startService({ database: { ...database, url: gate.url } });
    client = new Client(service.url);
  });
  afterAll(async () => {
    await service.stop();
    await gate.stop();
    await database.drop();
  });

  it.each(['/health/live', '/health/ready'])('answers %s with 200 while all is well', async (path) => {
    const answer = await client.get(path);
    expect([answer.status, answer.body]).toEqual([200, { status: 'ok' }]);
  });

  it('is alive but not ready while the database is away, and well again when it is back', async () => {
    gate.shut();
    expect((await client.get('/health/live')).status).toBe(200);
    const answer = await client.get('/health/ready');
    expect([answer.status, answer.body.code]).toEqual([503, 'database_unavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    gate.open();
    expect((await client.get('/health/ready')).status).toBe(200);
  });
});
