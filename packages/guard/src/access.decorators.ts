import { type CustomDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

const PUBLIC = Symbol('public');
const ROLES = Symbol('roles');

/** Who may use a route: anyone, or the owner of a token with one of these roles. */
export type Access = 'anyone' | readonly string[];

/** Opens a route, or every route of a controller, to callers without a token. A token that is sent is not looked at. */
export const Public = (): CustomDecorator<symbol> => SetMetadata(PUBLIC, true);

/**
 * Closes a route, or every route of a controller, to all but the owners of one of these roles. `JwtAuthGuard` reads it: where
 * the guard is not global, `@UseGuards(JwtAuthGuard)` must stand beside it.
 */
export const Roles = (...roles: [string, ...string[]]): CustomDecorator<symbol> => SetMetadata(ROLES, roles);

/**
 * What the nearest decorator says, the handler's before the controller's; undefined when any valid token will do. Where
 * both stand in one place, the closed one counts.
 */
export function accessTo(context: ExecutionContext, reflector: Reflector): Access | undefined {
  for (const target of [context.getHandler(), context.getClass()]) {
    const roles = reflector.get<readonly string[] | undefined>(ROLES, target);
    if (roles) return roles;
    if (reflector.get<true | undefined>(PUBLIC, target)) return 'anyone';
  }
  return undefined;
}
