import { Socket } from 'node:net';
import pg from 'pg';
import type { Cluster } from './cluster.js';
import { superuser } from './initdb.js';

/** @returns a URL that needs no settings of its reader's environment */
export function urlOf(cluster: Cluster, port: number, database: string): string {
  // sslmode: a PGSSLMODE in the shell of whoever starts the service is meant for other servers.
  return `postgres://${superuser}:${cluster.password}@127.0.0.1:${port}/${encodeURIComponent(database)}?sslmode=disable`;
}

/** A connection to the maintenance database, by way of `socket`. The caller ends it. */
export async function connect(cluster: Cluster, port: number, socket = new Socket()): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: urlOf(cluster, port, 'postgres'),
    connectionTimeoutMillis: 3000,
    application_name: 'embedded-postgres',
    stream: () => socket,
  });
  client.on('error', () => undefined); // a server that goes away is found out by the next query
  await client.connect();
  return client;
}

/** The server is on its way up or down, or is not listening yet or any more. */
export function isPassing(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  return ['57P01', '57P03', 'ECONNREFUSED', 'ECONNRESET'].includes(code);
}
