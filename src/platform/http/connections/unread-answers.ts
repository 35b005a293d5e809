import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { connectionsOf } from './silent-connections.js';

const LOOK_EVERY_MS = 1_000;
/** With the network's own buffers between, whoever reads at all has taken something in this time. */
const UNREAD_MS = 12_000;

interface Seen {
  sent: number;
  waiting: number;
  at: number;
}

/**
 * Cuts connections whose other side does not take its answers. Node's own idle time does not find them: it begins anew with every answer
 * that was written, taken or not. To be called before the server listens.
 */
export function cutUnread(server: Server): void {
  const seen = new WeakMap<Socket, Seen>();
  const look = (): void => {
    for (const socket of connectionsOf(server)) {
      const [sent, waiting, before] = [socket.bytesWritten, socket.writableLength, seen.get(socket)];
      if (waiting === 0) seen.delete(socket);
      else if (before?.sent !== sent || before.waiting !== waiting)
        seen.set(socket, { sent, waiting, at: performance.now() });
      else if (performance.now() - before.at > UNREAD_MS) socket.destroy();
    }
  };
  const looking = setInterval(look, LOOK_EVERY_MS).unref();
  server.once('close', () => clearInterval(looking));
}
