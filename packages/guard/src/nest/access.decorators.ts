import { applyDecorators, type CustomDecorator, SetMetadata, UseGuards } from '@nestjs/common';
import { MAX_AGE, PUBLIC, ROLES, STRICT } from './access.metadata.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';

type Decorator = ReturnType<typeof applyDecorators>;

/** Opens a route, or every route of a controller, to callers without a token. A token that is sent is not looked at. */
export const Public = (): CustomDecorator<symbol> => SetMetadata(PUBLIC, true);

/**
 * Closes a route, or every route of a controller, to all but the owners of one of these roles. It brings the guard along, so that
 * it also holds where the guard is not global.
 */
export const Roles = (...roles: [string, ...string[]]): Decorator => demand(ROLES, roles);

/**
 * Closes a route, or every route of a controller, to those who logged in more than so many seconds ago; they are asked to log in again (401
 * `insufficient_user_authentication`, RFC 9470). A refresh is no login. Like `@Roles` it brings the guard along.
 *
 * @throws TypeError unless it is a number from 0 up
 */
export function MaxAge(seconds: number): Decorator {
  if (typeof seconds !== 'number' || !(seconds >= 0))
    throw new TypeError('@MaxAge(seconds) needs a number of seconds, from 0 up.');
  return demand(MAX_AGE, seconds);
}

/**
 * Closes a route, or every route of a controller, to all while it cannot be said whether a session was closed (503
 * `revocations_unknown`). Like `@Roles` it brings the guard along.
 */
export const Strict = (): Decorator => demand(STRICT, true);

function demand(key: symbol, value: unknown): Decorator {
  return applyDecorators(SetMetadata(key, value), UseGuards(JwtAuthGuard));
}
