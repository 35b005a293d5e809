import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

/** An initdb that takes longer than this is considered killed. */
const abandonedAfterMs = 10 * 60_000;

/** The folder name of a cluster that is still being created. */
export const unfinished = (id: string): string => `cluster-${id}.new`;

/** Creates the folder for a cluster so that the account which root borrows can enter it. */
export async function makeHome(home: string): Promise<void> {
  const firstMade = await mkdir(home, { recursive: true });
  const owner = (await stat(home)).uid;
  if (process.getuid?.() !== 0 || owner !== 0) return;
  // Independent of the umask, the borrowed account must be able to pass through the new folders. The cluster itself is private.
  for (let folder = home; ; folder = path.dirname(folder)) {
    await chmod(folder, 0o711);
    if (!firstMade || folder === firstMade || folder === path.dirname(folder)) return;
  }
}

/** Removes the unfinished clusters of processes that were killed. */
export async function sweep(room: string): Promise<void> {
  for (const name of await readdir(room)) {
    if (!/^cluster-.*\.new$/.test(name)) continue;
    const found = await stat(path.join(room, name)).catch(() => null);
    if (found && Date.now() - found.mtimeMs > abandonedAfterMs) {
      await rm(path.join(room, name), { recursive: true, force: true });
    }
  }
}

/** Where root stores what the borrowed account must reach if the project's folder is closed to it (below /root, for example). */
const refuge = '/var/lib/auth-service';

/** Creates the refuge. @returns its path */
export async function openRefuge(closedFolder: string): Promise<string> {
  try {
    await mkdir(refuge, { recursive: true });
    await chmod(refuge, 0o755); // whatever the umask is
    return refuge;
  } catch {
    throw new EmbeddedPostgresUnavailable(
      `when started as root it runs under another account, which cannot enter ${closedFolder}, and ${refuge} cannot be created.`,
      `Start the service as another user, run chmod o+x ${closedFolder}, or set DATABASE_URL.`,
    );
  }
}
