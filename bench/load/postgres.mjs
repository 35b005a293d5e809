// A PostgreSQL of the bench's own that waits for the disk, as one in production does.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const built = new URL('../../dist/src/platform/embedded-postgres/', import.meta.url);
const { openCluster } = await import(new URL('cluster.js', built).href);
const { urlOf } = await import(new URL('connection.js', built).href);
const { bringUp, shutDown } = await import(new URL('server.js', built).href);

/** @typedef {{ url: string, restart: () => Promise<void>, stop: () => Promise<void> }} Postgres */

/** @returns {Promise<Postgres>} */
export async function startPostgres() {
  // Two levels: as root the server runs under another account, which must be able to enter the first one.
  const folder = await mkdtemp(path.join(tmpdir(), 'auth-load-'));
  await chmod(folder, 0o755);
  const cluster = await openCluster(path.join(folder, 'data'), false);
  const port = await bringUp(cluster, 0, false);
  return {
    url: urlOf(cluster, port, 'postgres'),
    restart: async () => {
      await shutDown(cluster);
      if ((await bringUp(cluster, port, false)) !== port) throw new Error('PostgreSQL did not come back on its port');
    },
    stop: async () => {
      await shutDown(cluster);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
