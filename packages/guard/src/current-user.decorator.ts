import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from './principal.js';

/** Gives a handler the `Principal` that the guard has let in. On a public route there is none, and that is a fault in the app. */
export const CurrentUser = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { user } = context.switchToHttp().getRequest<{ user?: Principal }>();
  if (!user) throw new Error('@CurrentUser() stands on a route that JwtAuthGuard does not guard.');
  return user;
});
