import { applyDecorators, type CustomDecorator, SetMetadata, UseGuards } from '@nestjs/common';
import { MAX_AGE, PUBLIC, ROLES, STRICT } from './access.metadata.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';

type Decorator = ReturnType<typeof applyDecorators>;

/** Opens a route, or all routes of a controller, to everyone. A token is ignored, even if it is sent. */
export const Public = (): CustomDecorator<symbol> => SetMetadata(PUBLIC, true);

/**
 * Restricts a route, or all routes of a controller, to users with one of these roles. It applies the guard itself, so it also
 * works without a global guard.
 */
export const Roles = (...roles: [string, ...string[]]): Decorator => demand(ROLES, roles);

/**
 * Restricts a route, or all routes of a controller, to users who logged in at most this many seconds ago. Others must log in
 * again (401 `insufficient_user_authentication`, RFC 9470). A refresh is not a login. Like `@Roles`, it applies the guard itself.
 *
 * @throws TypeError unless `seconds` is a number, 0 or more
 */
export function MaxAge(seconds: number): Decorator {
  if (typeof seconds !== 'number' || !(seconds >= 0))
    throw new TypeError('@MaxAge(seconds) needs a number of seconds, 0 or more.');
  return demand(MAX_AGE, seconds);
}

/**
 * Refuses all requests to a route, or to all routes of a controller, while the latest closed sessions are not known (503
 * `revocations_unknown`). Like `@Roles`, it applies the guard itself.
 */
export const Strict = (): Decorator => demand(STRICT, true);

function demand(key: symbol, value: unknown): Decorator {
  return applyDecorators(SetMetadata(key, value), UseGuards(JwtAuthGuard));
}
