import { randomBytes } from 'node:crypto';
import type { TestDatabase } from '../database/database.js';
import { Client } from '../http/client.js';
import type { TestMailbox } from '../mail/mailbox.js';
import { times } from '../sessions/refreshes.js';
import { startService, type TestService } from './service.js';

/** Services that share a database and a secret, as behind a balancer. */
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
export async function startReplicas(settings: Record<string, string> = {}, count = 2): Promise<Replicas> {
  const shared = { AUTH_SECRET: randomBytes(32).toString('base64url'), ...settings };
  const first = await startService({ settings: shared });
  const joining = { database: first.database, settings: shared, mailbox: first.mailbox };
  const others = await Promise.all(times(count - 1, () => startService(joining)));
  const services = [first, ...others];
  const all = services.map(({ url }) => new Client(url));
  // Every connection is open before the first race: opening one takes longer than most of them.
  await Promise.all(times(40, (i) => all[i % all.length]!.get('/health/ready')));
  let turn = 0;
  return {
    all,
    services,
    database: first.database,
    mailbox: first.mailbox,
    next: () => all[(turn += 1) % all.length]!,
    stop: async () => {
      await Promise.all(others.map((other) => other.stop()));
      await first.stop(); // the database goes with it
    },
  };
}
