import { createInterface } from 'node:readline';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/platform/embedded-postgres/embedded-postgres.js';
import type { Said } from './embedded-process.js';

// Run by Starter (embedded-process.ts) in a process of its own.
const { umask, ...options } = JSON.parse(process.argv[2]!) as { umask?: number; dataDir: string; port?: number };
if (umask !== undefined) process.umask(umask);

const say = (said: Said): unknown => process.stdout.write(`${JSON.stringify(said)}\n`);

try {
  const server = await startEmbeddedPostgres({ port: 0, database: 'app', unsafeFast: true, ...options });
  process.on('SIGINT', () => {
    // A service that drains: the request in flight still needs the database.
    const client = new pg.Client({ connectionString: server.url });
    void client
      .connect()
      .then(() => client.query<{ answer: number }>('SELECT 42 AS answer FROM pg_sleep(0.3)'))
      .then(({ rows }) => say({ drained: rows[0]!.answer }))
      .finally(() => client.end())
      .then(() => server.stop())
      .then(() => process.exit());
  });
  const commands = createInterface({ input: process.stdin });
  commands.on('line', (command) => command === 'exit' && process.exit());
  // Told to stop, or the spec that started this process was killed.
  commands.on('close', () => void server.stop().then(() => process.exit()));
  say({ url: server.url, clusterDir: server.clusterDir, reused: server.reused });
} catch (error) {
  say({ error: error instanceof Error ? error.message : String(error) });
}
