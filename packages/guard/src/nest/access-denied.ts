import { HttpException } from '@nestjs/common';
import type { AccessRefused, Problem } from '../core/errors.js';

/** A refusal as Nest answers it: `getResponse()` is its problem document, `headers` belong on the response, `cause` says more. */
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

/** What a guard throws, so that the kind of request at hand is answered with the problem: over HTTP, a socket or a transporter. */
export async function denial(kind: string, refused: AccessRefused): Promise<Error> {
  // Loaded only where they are used: an app without sockets or microservices need not have them.
  if (kind === 'ws') return because(refused, new (await import('@nestjs/websockets')).WsException(refused.problem));
  if (kind === 'rpc')
    return because(refused, new (await import('@nestjs/microservices')).RpcException(refused.problem));
  return new AccessDenied(refused);
}

/** These take no cause when they are made. */
function because(cause: AccessRefused, error: Error): Error {
  return Object.assign(error, { cause, code: cause.code });
}
