import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from './client-address.js';
import { userAgentOf } from './user-agent.js';

/** Where a request comes from; null where unknown. */
export interface Caller {
  ip: string | null;
  userAgent: string | null;
}

/** Injects the caller into a handler. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { ip: clientAddress(request), userAgent: userAgentOf(request) };
});
