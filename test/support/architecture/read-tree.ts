import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Tree } from './model.js';

const roots = ['src', 'migrations', 'packages', 'test', 'scripts', 'bench'];
const notOurs = ['node_modules', 'dist', 'coverage'];

/** Reads every TypeScript and module file of the repository that people wrote. */
export async function readTree(repository: string): Promise<Tree> {
  const beside = (await readdir(repository)).filter(isSource);
  const within = await Promise.all(roots.map((root) => filesUnder(repository, root)));
  const paths = [...beside, ...within.flat()].sort();
  return new Map(
    await Promise.all(paths.map(async (at) => [at, await readFile(path.join(repository, at), 'utf8')] as const)),
  );
}

async function filesUnder(repository: string, folder: string): Promise<string[]> {
  const entries = await readdir(path.join(repository, folder), { withFileTypes: true }).catch(none);
  const found = entries.map(async (entry) => {
    const at = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.includes(entry.name) ? [] : filesUnder(repository, at);
    return isSource(entry.name) ? [at] : [];
  });
  return (await Promise.all(found)).flat();
}

/** A root that does not exist yet holds nothing; any other trouble is trouble. */
function none(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

function isSource(name: string): boolean {
  return /\.(ts|mts|mjs)$/.test(name) && !name.endsWith('.d.ts');
}
