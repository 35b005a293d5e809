import { HttpException } from '@nestjs/common';
import type { AccessRefused, Problem } from '../core/errors.js';

/** A refusal as an exception of Nest. `getResponse()` is the problem document, `cause` the reason. */
export class AccessDenied extends HttpException {
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What GraphQL puts into the `extensions` of its error. */
  readonly extensions: Problem;

  constructor(override readonly cause: AccessRefused) {
    super(cause.problem, cause.status, { cause });
    this.message = cause.message;
    this.code = cause.code;
    this.extensions = cause.problem;
    this.headers = cause.headers;
  }

  override getResponse(): Problem {
    return super.getResponse() as Problem;
  }
}

/** The exception to throw, so that the problem is sent over HTTP, a WebSocket or a microservice transport. */
export async function denial(kind: string, refused: AccessRefused): Promise<Error> {
  // Imported only when used: an app without WebSockets or microservices need not install them.
  if (kind === 'ws') return because(refused, new (await import('@nestjs/websockets')).WsException(refused.problem));
  if (kind === 'rpc')
    return because(refused, new (await import('@nestjs/microservices')).RpcException(refused.problem));
  return new AccessDenied(refused);
}

/** These take no cause when they are made. */
function because(cause: AccessRefused, error: Error): Error {
  return Object.assign(error, { cause, code: cause.code });
}
