import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const connections = new WeakMap<Server, Set<Socket>>();

/** Tracks a server's connections for `connectionsOf`. Call it before the server listens. */
export function trackConnections(server: Server): void {
  const open = new Set<Socket>();
  connections.set(server, open);
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

/** The open connections. */
export function connectionsOf(server: Server): Iterable<Socket> {
  return connections.get(server) ?? [];
}

/**
 * Closes connections that have not sent anything, such as browsers and load balancers open in advance. Node treats them as being
 * at the start of a request, so `closeIdleConnections` skips them.
 */
export function closeSilentConnections(server: Server): void {
  for (const socket of connectionsOf(server)) {
    if (socket.bytesRead === 0) socket.destroy();
  }
}
