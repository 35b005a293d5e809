import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { REQUEST_ID_HEADER } from '../requests/request-id.js';
import { noteCut } from '../requests/request-outcome.js';
import type { RequestWatch } from '../requests/request-watch.js';
import { PROBLEM_MEDIA_TYPE, type Refused, toProblem } from './problem.js';
import { refusedWith } from './status-problems.js';

const STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

const answering = new WeakMap<Duplex, ServerResponse>();

/**
 * Tracks the current response of each connection for `refuseUnreadable`, and handles the cases in which Node would answer in its
 * own format.
 */
export function answerUnreadable(server: Server, watch: RequestWatch): void {
  server.on('request', (request, response) => answering.set(request.socket, response));
  // RFC 9110 section 10.1.1: an unknown expectation may be ignored.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', ({ socket: { remoteAddress: ip = null } }, socket) => {
    const refused = refusedWith(405);
    const requestId = randomUUID();
    refuse(socket, refused, requestId);
    watch.unreadable({ requestId, method: 'CONNECT', status: refused.status, ip, code: refused.code });
  });
}

/**
 * Answers input that the HTTP parser refuses. There is no request object, so the problem is written to the socket, which is then
 * closed. If the rest of a request cannot be read, the log line of that request says so.
 */
export function refuseUnreadable(watch: RequestWatch): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    const begun = answering.get(socket);
    const underWay = begun?.writableFinished === false;
    if (error.code === 'ECONNRESET' || !socket.writable || (underWay && begun.headersSent)) {
      socket.destroy();
      return;
    }
    const refused = refusedWith(STATUS[error.code ?? ''] ?? 400);
    const { remoteAddress: ip = null } = socket;
    const requestId = (underWay && watch.idOf(begun.req)) || randomUUID();
    refuse(socket, refused, requestId);
    if (underWay) noteCut(begun.req, refused);
    else watch.unreadable({ requestId, method: null, status: refused.status, ip, code: refused.code });
  };
}

function refuse(socket: Duplex, refused: Refused, requestId: string): void {
  const { status } = refused;
  const body = JSON.stringify(toProblem(refused, requestId));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
    `content-length: ${Buffer.byteLength(body)}`,
    `${REQUEST_ID_HEADER}: ${requestId}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
