import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { AccessDenied, InvalidToken, MissingToken } from '@auth-service/guard';
import type { FastifyRequest } from 'fastify';
import { Receivers } from './receivers.service.js';
import { SignalsOff } from '../signals.errors.js';

const receiverIds = new WeakMap<FastifyRequest, string>();

/** Requires the bearer token of a receiver (RFC 6750 section 2.1). Access tokens of users are refused. */
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

/** Injects the id of the receiver that `ReceiverGuard` has authenticated. */
export const ReceiverId = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined =>
  receiverIds.get(context.switchToHttp().getRequest<FastifyRequest>()),
);

function tokenOf({ raw }: FastifyRequest): string {
  const [header = '', ...others] = raw.headersDistinct.authorization ?? [];
  // Node would use the first of several headers, while a proxy may have checked the last.
  if (others.length > 0) throw new AccessDenied(new InvalidToken('more than one Authorization header'));
  const token = /^bearer (.+)$/i.exec(header)?.[1];
  if (token === undefined) throw new AccessDenied(new MissingToken());
  return token;
}
