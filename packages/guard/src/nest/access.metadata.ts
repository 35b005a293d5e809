import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

// Known to the whole process: a program that both imports and requires this package has two copies of it, and what one of them writes on
// a route must not be nothing to the other.
export const PUBLIC = Symbol.for('@auth-service/guard public');
export const ROLES = Symbol.for('@auth-service/guard roles');
export const MAX_AGE = Symbol.for('@auth-service/guard max age');
export const STRICT = Symbol.for('@auth-service/guard strict');

/** Stands on the guard itself, not on one that extends it: that may mean to let in anyone. */
export const GUARD = Symbol.for('@auth-service/guard guard');

/** Under this name Nest notes what `@UseGuards` is given. */
const GUARDS = '__guards__';

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
 * Who may use a route, as its decorators say. What stands on the handler counts before what stands on the controller; where `@Public()`
 * stands in one place with the guard, or a demand, which brings it along, the route is closed. Each demand counts from the nearest place
 * that makes it.
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

/** Whether it says there that the route is open, or that the guard stands before it. */
export function isDecided(place: Place, reflector: Reflector): boolean {
  return isClosed(place, reflector) || isPublic(place, reflector);
}

function isPublic(place: Place, reflector: Reflector): boolean {
  return reflector.get<true | undefined>(PUBLIC, place) === true;
}

function isClosed(place: Place, reflector: Reflector): boolean {
  return guardsOn(place, reflector).some((guard) => typeof guard === 'function' && Object.hasOwn(guard, GUARD));
}

/** What `@UseGuards` was given there, by whatever decorator. */
export function guardsOn(place: Place, reflector: Reflector): readonly unknown[] {
  return reflector.get<unknown[] | undefined>(GUARDS, place) ?? [];
}
