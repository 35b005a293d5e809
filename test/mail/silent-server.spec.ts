import { JobStore } from '../../src/platform/jobs/job-store.js';
import { Client } from '../support/http/client.js';
import { startMailServer } from '../support/mail/mail-server.js';
import { stranger } from '../support/people/people.js';
import { startService } from '../support/service/service.js';
import { times } from '../support/sessions/refreshes.js';
import { until } from '../support/time/until.js';

/** Mails that one service sends at once. */
const AT_ONCE = 4;

describe('A mail server that takes mails and says nothing', () => {
  it('holds up no request, however many mails it keeps waiting', async () => {
    const server = await startMailServer();
    server.keepSilent = true;
    const service = await startService({ settings: { SMTP_URL: server.url, MAIL_FROM: 'auth@example.com' } });
    try {
      const client = new Client(service.url);
      const inState = async (state: string): Promise<number> =>
        (await service.database.query(`SELECT FROM jobs.job WHERE name = 'mail' AND state = $1`, [state])).length;
      const people = times(12, stranger);
      for (const person of people) {
        expect((await client.post('/auth/register', person)).status).toBe(201);
        expect((await client.post('/auth/forgot-password', { email: person.email })).status).toBe(202);
      }
      // Half of them are asked for when the sender hangs already: it holds as many as it sends at once, and no more.
      await until(async () => (await inState('active')) === AT_ONCE && (await inState('created')) === 24 - AT_ONCE);
      expect((await client.post('/auth/login', people[0])).status).toBe(200);
      expect(server.taken.length).toBeLessThanOrEqual(AT_ONCE);
    } finally {
      await service.stop();
      await server.stop();
    }
    // What hangs still is given up with the service: it asks a database that may be gone by now for nothing more.
    await expect(service.app.get(JobStore, { strict: false }).countWaiting()).rejects.toThrow('after calling end');
  });
});
