import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CHUNK = Buffer.alloc(1024 * 1024, 1);

/** A file system of its own, in memory, that can really be filled. */
export interface SmallDisk {
  /** A folder on it. */
  home: string;
  /** Takes all that is left. */
  fill(): Promise<void>;
  /** Gives it back. */
  free(): Promise<void>;
  remove(): Promise<void>;
}

/** @returns null where this process may not mount any, as in most containers */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | null> {
  const home = await mkdtemp(path.join(tmpdir(), 'auth-small-disk-'));
  const options = `size=${megabytes}m,mode=0755`;
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', home]).then(
    () => true,
    () => false,
  );
  if (!mounted) {
    await rmdir(home);
    return null;
  }
  const ballast = path.join(home, 'ballast');
  return {
    home,
    fill: () => fillWith(ballast),
    free: () => rm(ballast),
    remove: async () => {
      await run('umount', ['--lazy', home]);
      await rmdir(home);
    },
  };
}

/** To the last byte: in large steps first, and then in ever smaller ones. */
async function fillWith(file: string): Promise<void> {
  const handle = await open(file, 'a');
  try {
    for (let size = CHUNK.length; size >= 1; size = Math.floor(size / 2)) {
      for (let room = true; room;) {
        room = await handle.write(CHUNK, 0, size).then(
          ({ bytesWritten }) => bytesWritten === size,
          (error: NodeJS.ErrnoException) => {
            if (error.code !== 'ENOSPC') throw error;
            return false;
          },
        );
      }
    }
  } finally {
    await handle.close();
  }
}
