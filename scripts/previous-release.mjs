// Holds the rule of migrations (CONTRIBUTING.md): the release before runs on the schema of this one, beside it and in its place.
// Needs DATABASE_URL, an empty PostgreSQL, and the present code built: node scripts/with-database.mjs node scripts/previous-release.mjs
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildRelease, requireCommit } from './release-tree.mjs';
import { smoke, startService, withSession } from './smoke.mjs';

const repository = fileURLToPath(new URL('..', import.meta.url));
const databaseUrl = process.env.DATABASE_URL;
if (!databaseUrl) throw new Error('DATABASE_URL is not set: run this through scripts/with-database.mjs');

const settings = {
  NODE_ENV: 'production',
  DATABASE_URL: databaseUrl,
  AUTH_SECRET: randomBytes(32).toString('base64url'),
  ISSUER_URL: 'http://localhost:3000',
  BCRYPT_COST: '10',
  LOG_LEVEL: 'warn',
  HOST: '127.0.0.1',
  SHUTDOWN_DELAY_SECONDS: '0',
};

/** @returns {Promise<[version: string, commit: string]>} the last line of RELEASES */
async function lastRelease() {
  const lines = (await readFile(path.join(repository, 'RELEASES'), 'utf8')).split('\n');
  const [version = '', commit = ''] =
    lines
      .filter((line) => /^[^#\s]/.test(line))
      .at(-1)
      ?.split(' ') ?? [];
  if (!/^[0-9a-f]{40}$/.test(commit)) throw new Error('RELEASES names no commit in its last line');
  return [version, commit];
}

function migrations() {
  const sql = 'SELECT count(*) AS count FROM migrations';
  const query = `const c = new (await import('pg')).default.Client(process.env.DATABASE_URL); await c.connect();
    console.log((await c.query('${sql}')).rows[0].count); await c.end();`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', query], { cwd: repository }).toString());
}

const [version, commit] = await lastRelease();
requireCommit(repository, commit);
const folder = await mkdtemp(path.join(tmpdir(), 'auth-previous-'));
/** @type {Awaited<ReturnType<typeof startService>>[]} */
const running = [];
const start = async (/** @type {string} */ tree) => {
  const service = await startService(tree, settings);
  running.push(service);
  return service;
};
try {
  buildRelease(repository, commit, folder);
  const before = await start(folder);
  const session = await withSession(before.url);
  const had = migrations();

  const present = await start(repository);
  const more = migrations() - had;
  await smoke(before.url);
  await smoke(present.url);
  await session.goesOnAt(present.url);
  await session.goesOnAt(before.url);
  console.log(`${version} serves beside the present code, after ${more} more migrations`);

  await before.stop();
  const again = await start(folder);
  await smoke(again.url);
  await session.goesOnAt(again.url);
  console.log(`${version} starts and serves on the migrated schema`);
} finally {
  await Promise.all(running.map((service) => service.stop()));
  await rm(folder, { recursive: true, force: true });
}
