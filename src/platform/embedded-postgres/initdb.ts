import { randomBytes } from 'node:crypto';
import { chown, mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { barrier, type Account } from './account.js';
import type { Binaries } from './binaries.js';
import { openRefuge, sweep, unfinished } from './places.js';
import { outputOf, ProgramFailed } from './programs.js';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

export const superuser = 'postgres';

export interface Making {
  account: Account | undefined;
  binaries: Binaries;
  /** Skips fsync. */
  unsafeFast: boolean;
}

/**
 * Creates a new cluster at `place`. It is created in a temporary folder and then renamed or linked, so a killed initdb leaves
 * nothing half-made, and if two processes do this at once, the first one wins.
 */
export async function makeCluster(place: string, making: Making): Promise<void> {
  const home = path.dirname(place);
  const closed = await barrier(home, making.account);
  const room = closed ? await openRefuge(closed) : home;
  await sweep(room);
  const fresh = path.join(room, unfinished(randomBytes(8).toString('hex')));
  try {
    await initialise(fresh, making);
    await (closed ? settleElsewhere(fresh, place) : rename(fresh, place));
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // If another process was faster, use its cluster.
    if (!(await stat(place).catch(() => null))) throw error;
  }
}

/** Keeps the cluster in the refuge and links to it. Removing the link starts over with an empty cluster. */
async function settleElsewhere(fresh: string, place: string): Promise<void> {
  const settled = fresh.replace(/\.new$/, '');
  await rename(fresh, settled);
  try {
    await symlink(settled, place);
  } catch (error) {
    await rm(settled, { recursive: true, force: true });
    throw error;
  }
}

async function initialise(dir: string, { account, binaries, unsafeFast }: Making): Promise<void> {
  const password = path.join(dir, 'password');
  const data = path.join(dir, 'data');
  await mkdir(dir, { mode: 0o700 });
  await writeFile(password, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  await mkdir(data, { mode: 0o700 });
  // The folder comes last: while root owns it, the account cannot replace its contents.
  if (account) for (const made of [password, data, dir]) await chown(made, account.uid, account.gid);
  const args = ['-D', data, '-U', superuser, `--pwfile=${password}`, '--auth=scram-sha-256', '--encoding=UTF8'];
  // The same collation and case rules on every machine. With LANG=C the encoding would become SQL_ASCII.
  args.push('--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  if (unsafeFast) args.push('--no-sync');
  await outputOf(binaries.initdb, args, account).catch((error: unknown) => {
    throw new EmbeddedPostgresUnavailable(
      `initdb said: ${error instanceof ProgramFailed ? error.output : String(error)}.`,
    );
  });
}
