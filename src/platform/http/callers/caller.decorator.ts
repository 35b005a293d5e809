import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from './client-address.js';
import { userAgentOf } from './user-agent.js';

/** Where a request comes from, as far as can be known. */
export interface Caller {
  ip: string | null;
  userAgent: string | null;
}

/** The caller of a handler. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { ip: clientAddress(request), userAgent: userAgentOf(request) };
});
