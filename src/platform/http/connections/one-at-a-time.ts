import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many requests of one connection may wait behind the one that is served: more than any client that means well. */
const MOST_WAITING = 32;

type Exchange = readonly [request: IncomingMessage, response: ServerResponse];

/**
 * Serves the requests of a connection one after another, however many were sent at once (RFC 9112 section 9.3.2). Node would begin
 * all of them, thousands that came in one packet; and only the first one's answer would ever be told that its caller is gone.
 * @param cut told of the request with which a connection had sent too many, and was cut
 */
export function oneAtATime(serve: RequestListener, cut: (request: IncomingMessage) => void): RequestListener {
  const waiting = new WeakMap<Socket, Exchange[]>();
  const begin = ([request, response]: Exchange): void => {
    const { socket } = request;
    response.once('close', () => {
      const next = waiting.get(socket)?.shift();
      if (next?.[1].socket) begin(next); // else the connection is closing
    });
    serve(request, response);
  };
  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    // Node gives an answer its connection once the one before it is out.
    if (response.socket) return begin([request, response]);
    const line = waiting.get(socket) ?? [];
    waiting.set(socket, line);
    if (line.push([request, response]) <= MOST_WAITING) return;
    socket.destroy();
    cut(request);
  };
}
