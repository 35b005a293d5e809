import type { Server } from 'node:http';

const servers = new WeakSet<Server>();

/** From now on the server says that it is about to go, and goes on serving. */
export function beginDraining(server: Server): void {
  servers.add(server);
}

export function isDraining(server: Server): boolean {
  return servers.has(server);
}
