import { execFileSync } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';

/** Copies what a container engine would be sent: the files of the repository less those of `.dockerignore`. */
export async function copyBuildContext(/** @type {string} */ repository, /** @type {string} */ into) {
  const ours = gitFiles(repository, ['--cached', '--others', '--exclude-standard']);
  const ignored = new Set([
    ...gitFiles(repository, ['--cached', '--ignored', '--exclude-from=.dockerignore']),
    ...gitFiles(repository, ['--others', '--ignored', '--exclude-from=.dockerignore']),
  ]);
  for (const file of ours.filter((name) => !ignored.has(name))) {
    await mkdir(path.dirname(path.join(into, file)), { recursive: true });
    await cp(path.join(repository, file), path.join(into, file), { verbatimSymlinks: true });
  }
}

function gitFiles(/** @type {string} */ repository, /** @type {string[]} */ which) {
  const listed = execFileSync('git', ['ls-files', '-z', ...which], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return listed.split('\0').filter(Boolean);
}
