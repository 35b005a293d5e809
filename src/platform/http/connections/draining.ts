import type { Server } from 'node:http';

const servers = new WeakSet<Server>();

/** Marks the server as about to shut down. It keeps serving requests, but closes connections and reports not ready. */
export function beginDraining(server: Server): void {
  servers.add(server);
}

export function isDraining(server: Server): boolean {
  return servers.has(server);
}
