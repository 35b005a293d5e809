import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { AccessDenied, InvalidToken, MissingToken } from '@auth-service/guard';
import type { FastifyRequest } from 'fastify';
import { Receivers } from './receivers.service.js';
import { SignalsOff } from '../signals.errors.js';

const receiverIds = new WeakMap<FastifyRequest, string>();

/**
 * Lets in who brings the bearer token of a receiver (RFC 6750 section 2.1). An access token of a person is none.
 * @throws SignalsOff, AccessDenied
 */
@Injectable()
export class ReceiverGuard implements CanActivate {
  constructor(private readonly receivers: Receivers) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.receivers.areNone) throw new SignalsOff();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const receiverId = this.receivers.recognize(tokenOf(request));
    if (receiverId === null) throw new AccessDenied(new InvalidToken('not the token of a receiver'));
    receiverIds.set(request, receiverId);
    return true;
  }
}

/** The id of the receiver that a `ReceiverGuard` has let in. */
export const ReceiverId = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined =>
  receiverIds.get(context.switchToHttp().getRequest<FastifyRequest>()),
);

function tokenOf({ raw }: FastifyRequest): string {
  const [header = '', ...others] = raw.headersDistinct.authorization ?? [];
  // Node shows the first of several, and a proxy may have looked at the last.
  if (others.length > 0) throw new AccessDenied(new InvalidToken('more than one Authorization header'));
  const token = /^bearer (.+)$/i.exec(header)?.[1];
  if (token === undefined) throw new AccessDenied(new MissingToken());
  return token;
}
