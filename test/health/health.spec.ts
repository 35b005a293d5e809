import { KeysService } from '../../src/keys/keys.service.js';
import { beginDraining } from '../../src/platform/http/connections/draining.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { type Gate, openGate } from '../support/database/gate.js';
import { Client } from '../support/http/client.js';
import { startService, type TestService } from '../support/service/service.js';

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
    expect(answer.body.detail).toBe('The database did not answer in time.');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    gate.open();
    expect((await client.get('/health/ready')).status).toBe(200);
  });

  it.each([
    ['a migration', `DELETE FROM migrations WHERE timestamp = (SELECT max(timestamp) FROM migrations)`],
    ['all of them', 'ALTER TABLE migrations RENAME TO migrations_away'],
  ])('is not ready while the database lacks %s, as one restored from a backup does', async (_what, damage) => {
    await database.query('CREATE TABLE migrations_kept AS SELECT * FROM migrations');
    await database.query(damage);
    const answer = await client.get('/health/ready');
    await database.query('ALTER TABLE IF EXISTS migrations_away RENAME TO migrations');
    await database.query('INSERT INTO migrations SELECT * FROM migrations_kept EXCEPT SELECT * FROM migrations');
    await database.query('DROP TABLE migrations_kept');
    expect([answer.status, answer.body.code]).toEqual([503, 'migrations_missing']);
    expect((await client.get('/health/ready')).status).toBe(200);
  });

  it('is ready on a schema of a later release', async () => {
    await database.query(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`);
    expect((await client.get('/health/ready')).status).toBe(200);
    await database.query(`DELETE FROM migrations WHERE timestamp = 9999999999999`);
  });

  it('is not ready while another key signs than should', async () => {
    const active = `(SELECT kid FROM signing_keys WHERE activated_at IS NOT NULL AND retired_at IS NULL)`;
    const [{ secret_id: secretId } = { secret_id: '' }] = await database.query<{ secret_id: string }>(
      `SELECT secret_id FROM signing_keys WHERE kid = ${active}`,
    );
    await database.query(`UPDATE signing_keys SET retired_at = now() WHERE kid = ${active}`);
    await database.query(
      `UPDATE signing_keys SET activated_at = now(), secret_id = 'unknown' WHERE activated_at IS NULL`,
    );
    await service.app
      .get(KeysService)
      .reload()
      .catch(() => undefined);
    const answer = await client.get('/health/ready');
    expect([answer.status, answer.body.code]).toEqual([503, 'signing_key_not_opened']);
    await database.query(`UPDATE signing_keys SET secret_id = $1`, [secretId]);
    await service.app.get(KeysService).reload();
    expect((await client.get('/health/ready')).status).toBe(200);
  });

  it('is alive but not ready once it drains', async () => {
    beginDraining(service.app.getHttpServer());
    expect((await client.get('/health/live')).status).toBe(200);
    const answer = await client.get('/health/ready');
    expect([answer.status, answer.body.code]).toEqual([503, 'shutting_down']);
  });
});
