// node scripts/with-database.mjs [--durable] <command> [arguments…]
// Runs a command beside an empty PostgreSQL of its own, given as DATABASE_URL, and ends with the command's exit code.
// With --durable a commit is on the disk before it is answered, as in production.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';

/**
 * @typedef {object} EmbeddedPostgres
 * @property {string} url
 * @property {() => Promise<void>} stop
 */

/** @returns {Promise<EmbeddedPostgres>} a server whose data are worth nothing once the command is done */
async function startDatabase(/** @type {string} */ dataDir, /** @type {boolean} */ durable) {
  const built = new URL('../dist/src/platform/embedded-postgres/embedded-postgres.js', import.meta.url);
  const { startEmbeddedPostgres } = await import(built.href);
  return startEmbeddedPostgres({ dataDir, database: 'auth', port: 0, unsafeFast: !durable });
}

/** @returns {Promise<number>} the exit code, or 128 + the signal's number as a shell has it */
async function run(/** @type {string[]} */ [command = '', ...args], /** @type {string} */ databaseUrl) {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, DATABASE_URL: databaseUrl } });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
  const [code, signal] = /** @type {[number | null, NodeJS.Signals | null]} */ (await once(child, 'exit'));
  return code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
}

const durable = process.argv[2] === '--durable';

// Two levels, because the server may run under another account than this script: it needs to enter the first one.
const folder = await mkdtemp(path.join(tmpdir(), 'auth-database-'));
await chmod(folder, 0o755);
try {
  const database = await startDatabase(path.join(folder, 'data'), durable);
  try {
    process.exitCode = await run(process.argv.slice(durable ? 3 : 2), database.url);
  } finally {
    await database.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
