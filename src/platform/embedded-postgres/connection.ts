import { Socket } from 'node:net';
import pg from 'pg';
import type { Cluster } from './cluster.js';
import { superuser } from './initdb.js';

/** @returns a URL that does not depend on the environment of its reader */
export function urlOf(cluster: Cluster, port: number, database: string): string {
  // Overrides a PGSSLMODE in the environment, which is meant for other servers.
  return `postgres://${superuser}:${cluster.password}@127.0.0.1:${port}/${encodeURIComponent(database)}?sslmode=disable`;
}

/** Connects to the maintenance database. The caller must end the connection. */
export async function connect(cluster: Cluster, port: number, socket = new Socket()): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: urlOf(cluster, port, 'postgres'),
    connectionTimeoutMillis: 3000,
    application_name: 'embedded-postgres',
    stream: () => socket,
  });
  client.on('error', () => undefined); // a lost server is noticed by the next query
  await client.connect();
  return client;
}

/** True if the server is starting, stopping, or not listening. */
export function isPassing(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  return ['57P01', '57P03', 'ECONNREFUSED', 'ECONNRESET'].includes(code);
}
