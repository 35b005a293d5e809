import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { connectionsOf } from './silent-connections.js';

const LOOK_EVERY_MS = 1_000;
/** Any client that reads at all drains some of the data in this time. */
const UNREAD_MS = 12_000;

interface Seen {
  sent: number;
  waiting: number;
  at: number;
}

/**
 * Closes connections whose client does not read the response. Node's own timeout does not catch them, because it restarts with
 * every write, read or not. Call it before the server listens.
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
