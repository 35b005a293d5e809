import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';

const OWN_PACKAGES = '@auth-service';
const NEEDED = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'ormconfig.ts',
  'src',
  'migrations',
  'packages',
];

/** A shallow clone does not hold the commit of a release; then it is fetched, and it is no pass if it cannot be. */
export function requireCommit(/** @type {string} */ repository, /** @type {string} */ commit) {
  const has = () => git(repository, 'cat-file', '-e', `${commit}^{commit}`) === 0;
  if (has()) return;
  git(repository, 'fetch', '--quiet', '--no-tags', '--depth=1', 'origin', commit);
  if (has()) return;
  throw new Error(
    `NOT CHECKED: the commit ${commit} of the last release is not in this clone and could not be fetched from origin. ` +
      'Clone with the whole history, or run: git fetch --unshallow',
  );
}

/**
 * Puts the release into a folder and builds it, with the dependencies that are installed now: it is its code that is held to
 * the schema, not what it stood on.
 */
export async function buildRelease(
  /** @type {string} */ repository,
  /** @type {string} */ commit,
  /** @type {string} */ into,
) {
  const archive = execFileSync('git', ['archive', commit, ...NEEDED], { cwd: repository, maxBuffer: 2 ** 28 });
  execFileSync('tar', ['-x', '-C', into], { input: archive });
  await linkModules(path.join(repository, 'node_modules'), into);
  const tsc = path.join(repository, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '--build', 'tsconfig.build.json', '--noCheck'], { cwd: into, stdio: 'inherit' });
}

/** Those of others from here, our own from the release itself. */
async function linkModules(/** @type {string} */ modules, /** @type {string} */ release) {
  const into = path.join(release, 'node_modules');
  await mkdir(path.join(into, OWN_PACKAGES), { recursive: true });
  for (const name of await readdir(modules)) {
    if (name !== OWN_PACKAGES && name !== '.package-lock.json')
      await symlink(path.join(modules, name), path.join(into, name));
  }
  for (const name of await readdir(path.join(release, 'packages'))) {
    await symlink(path.join(release, 'packages', name), path.join(into, OWN_PACKAGES, name));
  }
}

function git(/** @type {string} */ repository, /** @type {string[]} */ ...words) {
  return spawnSync('git', words, { cwd: repository, stdio: 'ignore', timeout: 60_000 }).status;
}
