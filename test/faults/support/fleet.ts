import { randomBytes } from 'node:crypto';
import type { TestDatabase } from '../../support/database/database.js';
import { removeFolders } from '../../support/embedded/embedded-clusters.js';
import type { Client } from '../../support/http/client.js';
import { times } from '../../support/sessions/refreshes.js';
import { Cluster } from './cluster.js';
import { Replica } from './replica.js';

export const ISSUER = 'http://localhost:3000';

/** Three replicas on a PostgreSQL of their own. */
export interface Fleet {
  cluster: Cluster;
  replicas: readonly Replica[];
  all: readonly Client[];
  database: TestDatabase;
  /** Takes turns, as a balancer does. */
  next(): Client;
  stop(): Promise<void>;
}

export interface FleetOptions {
  cluster?: Cluster;
  count?: number;
  settings?: Record<string, string>;
}

/** As in production, where nothing is made up and a hash costs what it must. */
const PRODUCTION = { NODE_ENV: 'production', BCRYPT_COST: '10' };
/** Where hundreds log in, and it is not their passwords that matter. */
export const CHEAP_HASHES = { NODE_ENV: 'test', BCRYPT_COST: '4' };

/** Call `stop` in afterAll. They start at once, on an empty database. */
export async function startFleet({ cluster, count = 3, settings = {} }: FleetOptions = {}): Promise<Fleet> {
  const there = cluster ?? (await Cluster.start());
  const shared = {
    ...PRODUCTION,
    DATABASE_URL: there.url,
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    ISSUER_URL: ISSUER,
    RATE_LIMITS: 'off', // everybody here comes from one address
    ...settings,
  };
  const replicas = await Promise.all(times(count, () => Replica.launch(shared)));
  await Promise.all(replicas.map((replica) => replica.ready()));
  const all = replicas.map(({ client }) => client);
  // Every connection is open before the first race: opening one takes longer than most of them.
  await Promise.all(times(20 * count, (i) => all[i % count]!.get('/health/ready')));
  let turn = 0;
  return {
    cluster: there,
    replicas,
    all,
    database: there.database,
    next: () => all[(turn += 1) % count]!,
    stop: async () => {
      await Promise.all(replicas.map((replica) => replica.kill('SIGKILL')));
      await there.remove();
      await removeFolders();
    },
  };
}
