import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

// Known to the whole process: a program that both imports and requires this package has two copies of it, and what one of them writes on
// a route must not be nothing to the other.
export const PUBLIC = Symbol.for('@auth-service/guard public');
export const ROLES = Symbol.for('@auth-service/guard roles');
export const MAX_AGE = Symbol.for('@auth-service/guard max age');
export const STRICT = Symbol.for('@auth-service/guard strict');

/** What is asked of who owns the token; nothing more when empty. */
export interface Demands {
  /** One of these. */
  roles?: readonly string[];
  /** How long ago they may have proved who they are. */
  maxAgeSeconds?: number;
  /** That it is known whether their session was closed. */
  strict?: true;
}

type Place = ReturnType<ExecutionContext['getHandler'] | ExecutionContext['getClass']>;

/** What decorators say does not change while an app runs. By the controller first: one may inherit its handlers from another. */
const known = new WeakMap<Place, WeakMap<Place, 'anyone' | Demands>>();

/**
 * Who may use a route, as its decorators say. The handler's `@Public()` counts before the controller's and the other way round; where it
 * stands in one place with a demand, the route is closed. Each demand counts from the nearest place that makes it.
 */
export function accessTo(context: ExecutionContext, reflector: Reflector): 'anyone' | Demands {
  const [handler, controller] = [context.getHandler(), context.getClass()];
  const ofController = known.get(controller) ?? new WeakMap<Place, 'anyone' | Demands>();
  const access = ofController.get(handler);
  if (access) return access;
  const read = readAccess([handler, controller], reflector);
  known.set(controller, ofController.set(handler, read));
  return read;
}

function readAccess(places: Place[], reflector: Reflector): 'anyone' | Demands {
  const decided = places.find((place) => isDecided(place, reflector));
  if (decided && !isClosed(decided, reflector)) return 'anyone';
  const roles = reflector.getAllAndOverride<Demands['roles']>(ROLES, places);
  const maxAgeSeconds = reflector.getAllAndOverride<Demands['maxAgeSeconds']>(MAX_AGE, places);
  const strict = reflector.getAllAndOverride<Demands['strict']>(STRICT, places);
  return {
    ...(roles && { roles }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    ...(strict && { strict }),
  };
}

/** Whether a decorator of ours stands there, which opens it or brings the guard along. */
export function isDecided(place: Place, reflector: Reflector): boolean {
  return isClosed(place, reflector) || isPublic(place, reflector);
}

function isPublic(place: Place, reflector: Reflector): boolean {
  return reflector.get<true | undefined>(PUBLIC, place) === true;
}

function isClosed(place: Place, reflector: Reflector): boolean {
  return [ROLES, MAX_AGE, STRICT].some((demand) => reflector.get<unknown>(demand, place) !== undefined);
}
