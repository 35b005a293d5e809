import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const connections = new WeakMap<Server, Set<Socket>>();

/** Remembers a server's connections for `connectionsOf`; to be called before it listens. */
export function trackConnections(server: Server): void {
  const open = new Set<Socket>();
  connections.set(server, open);
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

/** Those that are open now. */
export function connectionsOf(server: Server): Iterable<Socket> {
  return connections.get(server) ?? [];
}

/**
 * Closes the connections on which nothing was ever said, as browsers and balancers open them in advance: to Node they are not
 * idle but at the start of a request, so `closeIdleConnections` leaves them.
 */
export function closeSilentConnections(server: Server): void {
  for (const socket of connectionsOf(server)) {
    if (socket.bytesRead === 0) socket.destroy();
  }
}
