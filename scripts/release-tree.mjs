import { execFileSync, spawnSync } from 'node:child_process';

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

/** Puts the release into a folder, with the dependencies that it names, and builds it. */
export function buildRelease(
  /** @type {string} */ repository,
  /** @type {string} */ commit,
  /** @type {string} */ into,
) {
  const archive = execFileSync('git', ['archive', commit], { cwd: repository, maxBuffer: 2 ** 28 });
  execFileSync('tar', ['-x', '-C', into], { input: archive });
  execFileSync('npm', ['ci', '--silent', '--no-audit', '--no-fund'], { cwd: into, stdio: 'inherit' });
  execFileSync('npm', ['run', '--silent', 'build', '--', '--noCheck'], { cwd: into, stdio: 'inherit' });
}

function git(/** @type {string} */ repository, /** @type {string[]} */ ...words) {
  return spawnSync('git', words, { cwd: repository, stdio: 'ignore', timeout: 60_000 }).status;
}
