import { randomBytes } from 'node:crypto';
import { Client } from './client.js';
import type { TestDatabase } from './database.js';
import type { TestMailbox } from './mailbox.js';
import { times } from './refreshes.js';
import { startService, type TestService } from './service.js';

/** Two services that share a database and a secret, as behind a balancer. */
export interface Replicas {
  all: readonly Client[];
  services: readonly TestService[];
  database: TestDatabase;
  /** Whichever of them sent it. */
  mailbox: TestMailbox;
  /** Takes turns, as a balancer does. */
  next(): Client;
  stop(): Promise<void>;
}

/** Call `stop` in afterAll. */
export async function startReplicas(settings: Record<string, string> = {}): Promise<Replicas> {
  const shared = { AUTH_SECRET: randomBytes(32).toString('base64url'), ...settings };
  const first = await startService({ settings: shared });
  const second = await startService({ database: first.database, settings: shared, mailbox: first.mailbox });
  const all = [first, second].map(({ url }) => new Client(url));
  // Every connection is open before the first race: opening one takes longer than most of them.
  await Promise.all(times(40, (i) => all[i % all.length]!.get('/health/ready')));
  let turn = 0;
  return {
    all,
    services: [first, second],
    database: first.database,
    mailbox: first.mailbox,
    next: () => all[(turn += 1) % all.length]!,
    stop: async () => {
      await second.stop();
      await first.stop();
    },
  };
}
