import { constants } from 'node:fs';
import { open, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { accountFor, barrier, type Account } from './account.js';
import { findBinaries, type Binaries } from './binaries.js';
import { makeHome } from './places.js';
import { makeCluster } from './initdb.js';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

/** A PostgreSQL cluster on disk: `data/`, `server.log`, and `password`, the superuser's password. */
export interface Cluster {
  /** The real path, with links resolved. */
  dir: string;
  data: string;
  log: string;
  password: string;
  account: Account | undefined;
  binaries: Binaries;
}

/**
 * Opens the cluster in the folder `home`, or creates it.
 * @param unsafeFast skips fsync
 * @throws EmbeddedPostgresUnavailable
 */
export async function openCluster(home: string, unsafeFast: boolean): Promise<Cluster> {
  const place = path.join(home, 'cluster');
  const account = await accountFor(place);
  const binaries = await findBinaries(account);
  await makeHome(home);
  if (!(await exists(place))) await makeCluster(place, { account, binaries, unsafeFast });
  const dir = await realpath(place);
  await mustBeOpen(dir, account);
  const data = path.join(dir, 'data');
  const password = await readPassword(path.join(dir, 'password'));
  await mustFit(data, binaries);
  return { dir, data, log: path.join(dir, 'server.log'), password, account, binaries };
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw closedToUs(file);
  }
}

async function mustBeOpen(dir: string, account: Account | undefined): Promise<void> {
  const closed = await barrier(dir, account);
  if (!closed) return;
  throw new EmbeddedPostgresUnavailable(
    `it runs as the owner of ${dir}, uid ${account?.uid}, who is not allowed to enter ${closed}.`,
    `Run chmod o+x ${closed}, or set DATABASE_URL to use your own PostgreSQL.`,
  );
}

async function mustFit(data: string, binaries: Binaries): Promise<void> {
  const major = (await readFile(path.join(data, 'PG_VERSION'), 'utf8')).trim();
  if (major === binaries.major) return;
  throw new EmbeddedPostgresUnavailable(
    `${data} was created by PostgreSQL ${major}, but the installed version is PostgreSQL ${binaries.major}.`,
    'Move the data away to start over, or set DATABASE_URL to use your own PostgreSQL.',
  );
}

async function readPassword(file: string): Promise<string> {
  // O_NOFOLLOW: otherwise the account that owns the folder could make root read any file.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => {
    throw closedToUs(file);
  });
  try {
    return (await handle.readFile('utf8')).trim();
  } finally {
    await handle.close();
  }
}

const closedToUs = (file: string): EmbeddedPostgresUnavailable =>
  new EmbeddedPostgresUnavailable(
    `${file} cannot be read. It is missing, or it belongs to another account (perhaps root).`,
    'Start the service as that account, delete the data to start over, or set DATABASE_URL.',
  );
