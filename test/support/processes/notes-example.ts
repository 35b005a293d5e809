import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** The example app, built in a folder of its own with the packed guard, as its own team would have it. */
export interface NotesExample {
  main: string;
  /** Runs the app's own tests. */
  test(): Promise<unknown>;
  remove(): Promise<void>;
}

export async function installNotesExample(): Promise<NotesExample> {
  const place = await mkdtemp(path.join(tmpdir(), 'auth-notes-'));
  const folder = path.join(place, 'notes');
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline'];
  await cp(path.join(repository, 'examples/notes'), folder, {
    recursive: true,
    filter: (file) => !/\/(node_modules|dist)$/.test(file),
  });
  await run('npm', ['pack', '--workspace', 'packages/guard', '--pack-destination', place], { cwd: repository });
  await run('npm', ['install', ...quiet, path.join(place, 'auth-service-guard-0.1.0.tgz')], { cwd: folder });
  await run('npm', ['run', 'build'], { cwd: folder });
  return {
    main: path.join(folder, 'dist/src/main.js'),
    test: () => run('npm', ['test'], { cwd: folder }),
    remove: () => rm(place, { recursive: true, force: true }),
  };
}
