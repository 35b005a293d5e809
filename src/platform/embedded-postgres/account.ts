import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

/** An account other than our own to run PostgreSQL as. */
export interface Account {
  uid: number;
  gid: number;
}

/** Unprivileged accounts that exist on common systems and images, the most suitable first. */
const borrowable = ['postgres', '_postgres', 'node', 'nobody'];

const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * PostgreSQL refuses to run as root, so root runs it under an unprivileged account. If there is a cluster already, that is its
 * owner, because no other account may start it.
 * @returns undefined if the current user can run it
 */
export async function accountFor(clusterDir: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  const made = await stat(clusterDir).catch(() => null);
  if (made && made.uid !== 0) return { uid: made.uid, gid: made.gid };
  const account = borrowedFrom(await readFile('/etc/passwd', 'utf8'));
  if (account) return account;
  throw new EmbeddedPostgresUnavailable(
    `it cannot run as root, and none of the accounts ${borrowable.join(', ')} exists to run it.`,
    'Start the service as another user, or set DATABASE_URL to use your own PostgreSQL.',
  );
}

/** @param passwd the text of /etc/passwd */
export function borrowedFrom(passwd: string): Account | undefined {
  const lines = passwd.split('\n').map((line) => line.split(':'));
  for (const name of borrowable) {
    const [, , uid, gid] = lines.find((fields) => fields[0] === name) ?? [];
    // On macOS `nobody` has the id -2, which cannot be passed to spawn.
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/** @returns the folder that the account may not enter, `dir` itself or one of its parents; null if there is none */
export async function barrier(dir: string, account: Account | undefined): Promise<string | null> {
  if (!account) return null;
  for (let folder = path.resolve(dir); ; folder = path.dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found) {
      const needed = found.uid === account.uid ? 0o100 : found.gid === account.gid ? 0o010 : 0o001;
      if (!(found.mode & needed)) return folder;
    }
    if (folder === path.dirname(folder)) return null;
  }
}
