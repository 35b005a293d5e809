import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { REQUEST_ID_HEADER } from '../requests/request-id.js';
import { PROBLEM_MEDIA_TYPE, toProblem } from './problem.js';
import { refusedWith } from './status-problems.js';

const STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

const answering = new WeakMap<Duplex, ServerResponse>();

/** Watches what the parser's refusals below need to know, and answers what Node would answer in its own way. */
export function answerUnreadable(server: Server): void {
  server.on('request', (request, response) => answering.set(request.socket, response));
  // RFC 9110 section 10.1.1: an expectation that is not known may be ignored.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (_request, socket) => refuse(socket, 405, randomUUID()));
}

/**
 * What the HTTP parser refuses never becomes a request, so its problem is written to the connection by hand, and the connection
 * closed. Logged at debug only: it is what scanners send all day.
 */
export function refuseUnreadable(logger: Logger): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    const begun = answering.get(socket);
    const midAnswer = begun?.headersSent === true && !begun.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || midAnswer) {
      socket.destroy();
      return;
    }
    const requestId = randomUUID();
    const status = STATUS[error.code ?? ''] ?? 400;
    logger.debug({ requestId, status, reason: error.code, ip: socket.remoteAddress }, 'unreadable request');
    refuse(socket, status, requestId);
  };
}

function refuse(socket: Duplex, status: number, requestId: string): void {
  const body = JSON.stringify(toProblem(refusedWith(status), requestId));
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
