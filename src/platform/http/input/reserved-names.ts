/**
 * Names that every object inherits, such as `__proto__`, `constructor` and `hasOwnProperty`. As input they would pass look-ups
 * in plain objects (class-validator's whitelist is one) and pollute prototypes on assignment.
 */
export function isReservedName(name: string): boolean {
  return name in Object.prototype || name === 'prototype';
}
