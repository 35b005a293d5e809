import { randomBytes } from 'node:crypto';
import { folder } from '../../support/embedded/embedded-clusters.js';
import { Client } from '../../support/http/client.js';
import type { Tokens } from '../../support/people/people.js';
import { Program } from '../../support/processes/program.js';
import { until } from '../../support/time/until.js';

const ISSUER = 'http://localhost:3000';
/** Processes that a busy machine keeps waiting. */
const PATIENCE_MILLIS = 30_000;

/** One of several replicas, in a process of its own. */
export interface ReplicaProcess {
  program: Program;
  url: string;
  client: Client;
}

/** Starts replicas of the service, which share the database and a secret. */
export async function startReplicaProcesses(databaseUrl: string, count: number): Promise<ReplicaProcess[]> {
  const settings = {
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    ISSUER_URL: ISSUER,
  };
  const replicas: ReplicaProcess[] = [];
  for (let i = 0; i < count; i += 1) {
    const program = Program.start({ cwd: await folder(), settings });
    const url = await program.ready();
    replicas.push({ program, url, client: new Client(url) });
  }
  return replicas;
}

/** A guarded app in a process of its own. */
export class GuardedApp {
  private constructor(private readonly client: Client) {}

  /** @param url where it reaches the service */
  static async start(url: string): Promise<GuardedApp> {
    const entry = ['test/processes/support/guarded-app.ts', ISSUER, url] as const;
    const app = new GuardedApp(new Client(await Program.start({ cwd: await folder(), entry }).ready()));
    await app.is('following');
    return app;
  }

  async status({ accessToken }: Pick<Tokens, 'accessToken'>): Promise<number> {
    return (await this.client.get('/notes', { bearer: accessToken })).status;
  }

  /** Waits until its feed is in that state. */
  async is(status: 'following' | 'away'): Promise<void> {
    await until(async () => (await this.client.get('/health/ready')).body.status === status, PATIENCE_MILLIS);
  }

  /** Waits until it refuses every one of these. */
  async refuses(all: readonly Pick<Tokens, 'accessToken'>[]): Promise<void> {
    for (const tokens of all) await until(async () => (await this.status(tokens)) === 401, PATIENCE_MILLIS);
  }
}
