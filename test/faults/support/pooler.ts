import { freePort } from '../../support/processes/processes.js';
import { query } from '../../support/embedded/embedded-clusters.js';
import type { Cluster } from './cluster.js';
import { startOutsideProgram } from './outside-program.js';

export interface Pooler {
  /** What `DATABASE_URL` is behind it. */
  url: string;
  stop(): Promise<void>;
}

/** PgBouncer in transaction mode, as its own documentation has it: start-up parameters are refused. */
export async function startPooler(cluster: Cluster): Promise<Pooler> {
  const port = await freePort();
  const config = `
[databases]
auth = host=127.0.0.1 port=${cluster.port} dbname=auth
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = users.txt
pool_mode = transaction
default_pool_size = 10
max_client_conn = 200
server_login_retry = 1
`;
  const url = new URL(cluster.url);
  url.port = String(port);
  const running = await startOutsideProgram({
    file: process.env.PGBOUNCER ?? '/usr/sbin/pgbouncer',
    args: ['pgbouncer.ini'],
    files: { 'pgbouncer.ini': config, 'users.txt': `"auth" "${cluster.password}"\n` },
    serves: async () => (await query(url.href, 'SELECT 1 AS n').catch(() => [])).length === 1,
  });
  return { url: url.href, stop: () => running.stop() };
}
