import { Notifications } from '../../src/platform/database/notifications.js';
import { type ReadRevocation, RevocationsRepository } from '../../src/revocations/revocations.repository.js';
import { hold } from '../support/database/held.js';
import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { contentOf } from '../support/sessions/sessions-seen.js';
import { until } from '../support/time/until.js';
import { digestOf } from './support/follower.js';

describe('A close that commits while the feed is being read, with a lower id than what is found', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  it('is found by the very next read', async () => {
    const client = new Client(service.url);
    const [slow, fast] = [await signedIn(client), await signedIn(client)];
    const held = await hold(service.database);
    await held.run('UPDATE sessions SET closed_at = now() WHERE id = $1', [contentOf(slow.refreshToken).sessionId]);

    const heard = new Set<string>();
    service.app.get(Notifications, { strict: false }).listen('revocations', (id) => void heard.add(id));
    const repository = service.app.get(RevocationsRepository, { strict: false });
    const find = repository.find.bind(repository);
    const reads: string[][] = [];
    const commitAndBeHeard = async (): Promise<void> => {
      await held.commit();
      await until(async () => heard.size === 2);
    };
    repository.find = async (...words): Promise<ReadRevocation[]> => {
      const rows = await find(...words);
      const digests = rows.map(({ digest }) => digest);
      const isFirst = digests.includes(digestOf(fast)) && !reads.flat().includes(digestOf(fast));
      reads.push(digests);
      if (isFirst) await commitAndBeHeard();
      return rows;
    };

    await client.post('/auth/logout', { refreshToken: fast.refreshToken });
    const first = await until(async () => reads.findIndex((digests) => digests.includes(digestOf(fast))) + 1);
    await until(async () => reads.length > first);
    expect(reads[first]).toContain(digestOf(slow));
  });
});
