import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from './client-address.js';

/** Long enough to tell devices apart; what is longer is cut. */
const MAX_USER_AGENT = 256;

/** Where a request comes from, as far as can be known. */
export interface Caller {
  ip: string | null;
  userAgent: string | null;
}

/** The caller of a handler. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { ip: clientAddress(request), userAgent: request.headers['user-agent']?.slice(0, MAX_USER_AGENT) ?? null };
});
