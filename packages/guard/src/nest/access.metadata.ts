import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

// Global symbols: a program that both imports and requires this package has two copies of it, and each must understand the
// decorators of the other.
export const PUBLIC = Symbol.for('@auth-service/guard public');
export const ROLES = Symbol.for('@auth-service/guard roles');
export const MAX_AGE = Symbol.for('@auth-service/guard max age');
export const STRICT = Symbol.for('@auth-service/guard strict');

// Marks the guard itself, not a class that extends it, which may let in anyone.
export const GUARD = Symbol.for('@auth-service/guard guard');

/** Under this name Nest notes what `@UseGuards` is given. */
const GUARDS = '__guards__';

/** What a user must meet, besides having a valid token. */
export interface Demands {
  /** One of these. */
  roles?: readonly string[];
  /** The longest time since the login. */
  maxAgeSeconds?: number;
  /** The latest closed sessions must be known. */
  strict?: true;
}

type Place = ReturnType<ExecutionContext['getHandler'] | ExecutionContext['getClass']>;

/** A cache: decorators do not change while an app runs. Keyed by controller first, because controllers can inherit handlers. */
const known = new WeakMap<Place, WeakMap<Place, 'anyone' | Demands>>();

/**
 * Who may use a route, according to its decorators. Those on the handler override those on the controller. If `@Public()` is in
 * the same place as the guard or a demand (which applies the guard), the route is closed. Each demand is taken from the nearest
 * place that makes it.
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

/** Whether a decorator in this place opens the route or applies the guard to it. */
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
