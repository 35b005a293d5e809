import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Maximum number of requests of a connection that wait for the current one. Legitimate clients stay far below. */
const MOST_WAITING = 32;

type Exchange = readonly [request: IncomingMessage, response: ServerResponse];

/**
 * Serves pipelined requests of a connection one after another (RFC 9112 section 9.3.2). Node would start all of them at once,
 * possibly thousands from one packet, and only the first response would learn that the caller has disconnected.
 * @param cut called with the request that exceeded the maximum, after which the connection is closed
 */
export function oneAtATime(serve: RequestListener, cut: (request: IncomingMessage) => void): RequestListener {
  const waiting = new WeakMap<Socket, Exchange[]>();
  const begin = ([request, response]: Exchange): void => {
    const { socket } = request;
    response.once('close', () => {
      const next = waiting.get(socket)?.shift();
      if (next?.[1].socket) begin(next); // otherwise the connection is closing
    });
    serve(request, response);
  };
  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    // Node assigns the socket to a response once the previous one is sent.
    if (response.socket) return begin([request, response]);
    const line = waiting.get(socket) ?? [];
    waiting.set(socket, line);
    if (line.push([request, response]) <= MOST_WAITING) return;
    socket.destroy();
    cut(request);
  };
}
