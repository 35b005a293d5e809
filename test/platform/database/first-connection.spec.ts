import { createDatabase } from '../../support/database/database.js';
import { openGate } from '../../support/database/gate.js';
import { startService } from '../../support/service/service.js';
import { until } from '../../support/time/until.js';

describe('The first connection of a service that starts', () => {
  it('is tried again when the database stumbles', async () => {
    const database = await createDatabase();
    const gate = await openGate(database.url);
    gate.shut();
    const starting = startService({ database, settings: { DATABASE_URL: gate.url } });
    starting.catch(() => undefined); // until it is waited for
    await until(async () => gate.refused > 0);
    gate.open();
    try {
      const service = await starting;
      expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
      await service.stop();
    } finally {
      await gate.stop();
      await database.drop();
    }
  });
});
