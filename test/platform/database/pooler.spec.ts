import { createDatabase, type TestDatabase } from '../../support/database/database.js';
import { startService } from '../../support/service/service.js';

describe('Behind a pooler, which takes no start-up parameters', () => {
  let database: TestDatabase;
  let settings: Record<string, string>;

  beforeAll(async () => {
    database = await createDatabase();
    settings = { DATABASE_DIRECT_URL: `${database.url}?application_name=direct` };
  });
  afterAll(() => database.drop());

  it('refuses to start while the role carries no time limits, and says how to give them', async () => {
    await expect(startService({ database, settings })).rejects.toThrow(
      /ALTER ROLE CURRENT_USER SET idle_in_transaction_session_timeout = '5000ms';\s+ALTER ROLE CURRENT_USER SET lock_timeout = '1500ms';\s+ALTER ROLE CURRENT_USER SET statement_timeout = '2500ms';/,
    );
  });

  it('starts once it does', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.query(`ALTER DATABASE ${name} SET lock_timeout = '1500ms'`);
    await database.query(`ALTER DATABASE ${name} SET statement_timeout = '2500ms'`);
    await expect(startService({ database, settings })).rejects.toThrow(/^(?!.*(lock|statement)_timeout = )/s);
    await database.query(`ALTER DATABASE ${name} SET idle_in_transaction_session_timeout = '5000ms'`);
    const service = await startService({ database, settings });
    await service.stop();
  });
});
