/**
 * Names that every object inherits: `__proto__`, `constructor`, `hasOwnProperty`, … As input they would slip through
 * look-ups in plain objects (class-validator's whitelist is one) and pollute what is copied by assignment.
 */
export function isReservedName(name: string): boolean {
  return name in Object.prototype || name === 'prototype';
}
