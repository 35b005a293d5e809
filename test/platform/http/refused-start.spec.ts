import { randomBytes } from 'node:crypto';
import { createDatabase, type TestDatabase } from '../../support/database/database.js';
import { startService } from '../../support/service/service.js';
import { until } from '../../support/time/until.js';

const newSecret = (): string => randomBytes(32).toString('base64url');

describe('A start that is refused', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
    await (await startService({ database, settings: { AUTH_SECRET: newSecret() } })).stop();
  });
  afterAll(() => database.drop());

  const connections = async (): Promise<number> => {
    const open = await database.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'auth-service'`,
    );
    return open.length;
  };

  it('leaves no connection behind, when its secret does not open the keys', async () => {
    const start = startService({ database, settings: { AUTH_SECRET: newSecret() } });
    await expect(start).rejects.toThrow(/AUTH_SECRET lacks the secret/);
    await until(async () => (await connections()) === 0);
  });
});
