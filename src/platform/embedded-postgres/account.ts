import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

/** An account other than our own to run PostgreSQL as. */
export interface Account {
  uid: number;
  gid: number;
}

/** Unprivileged accounts that images and systems have, the most fitting first. */
const borrowable = ['postgres', '_postgres', 'node', 'nobody'];

const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * PostgreSQL refuses to run as root, so that root borrows an unprivileged account: the owner of the cluster if there is
 * one already, for nobody else may serve it. Any other user runs it as themselves (undefined).
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
    // macOS gives nobody the id -2, which no process can be started with.
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/** The folder on the way to `dir`, itself included, that the account may not enter; null when the way is free. */
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
