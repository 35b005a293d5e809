import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

export const PUBLIC = Symbol('public');
export const ROLES = Symbol('roles');
export const MAX_AGE = Symbol('max age');

/** What is asked of who owns the token; nothing more when empty. */
export interface Demands {
  /** One of these. */
  roles?: readonly string[];
  /** How long ago they may have proved who they are. */
  maxAgeSeconds?: number;
}

/**
 * Who may use a route, as its decorators say. The handler's `@Public()` counts before the controller's and the other way round; where it
 * stands in one place with a demand, the route is closed. Each demand counts from the nearest place that makes it.
 */
export function accessTo(context: ExecutionContext, reflector: Reflector): 'anyone' | Demands {
  const places = [context.getHandler(), context.getClass()];
  const decided = places.find((place) => isClosed(place, reflector) || isPublic(place, reflector));
  if (decided && !isClosed(decided, reflector)) return 'anyone';
  const roles = reflector.getAllAndOverride<Demands['roles']>(ROLES, places);
  const maxAgeSeconds = reflector.getAllAndOverride<Demands['maxAgeSeconds']>(MAX_AGE, places);
  return { ...(roles && { roles }), ...(maxAgeSeconds !== undefined && { maxAgeSeconds }) };
}

type Place = ReturnType<ExecutionContext['getHandler'] | ExecutionContext['getClass']>;

function isPublic(place: Place, reflector: Reflector): boolean {
  return reflector.get<true | undefined>(PUBLIC, place) === true;
}

function isClosed(place: Place, reflector: Reflector): boolean {
  return [ROLES, MAX_AGE].some((demand) => reflector.get<unknown>(demand, place) !== undefined);
}
