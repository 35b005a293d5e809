import type { Environment } from './environment.js';
import { SETTINGS } from './settings.js';

/** A variable that is not a setting, and the setting that was probably meant. */
export interface MisspeltName {
  name: string;
  meant: string;
}

const KNOWN = Object.keys(SETTINGS);
/** Longer than any setting. It bounds the cost of the comparison for arbitrary variables. */
const MAX_LENGTH = 64;

/**
 * Variables whose names almost match a setting. Without this check they would be ignored, and the setting would silently keep
 * its default.
 */
export function misspeltNames(env: Environment): MisspeltName[] {
  return Object.keys(env).flatMap((name) => {
    const meant = meantBy(name);
    return meant === undefined ? [] : [{ name, meant }];
  });
}

export function misspeltText({ name, meant }: MisspeltName): string {
  return `${name}: unknown setting. Did you mean ${meant}?`;
}

function meantBy(name: string): string | undefined {
  const plain = name.replace(/_FILE$/, '');
  if (KNOWN.includes(plain) || plain.length > MAX_LENGTH) return undefined;
  const typed = plain.toUpperCase();
  return KNOWN.find((known) => editsBetween(typed, known) <= Math.min(2, Math.floor(known.length / 4)));
}

/** The number of letters left out, added, replaced, or swapped with their neighbour (optimal string alignment distance). */
function editsBetween(left: string, right: string): number {
  const edits = [...left, ''].map((_, row) => [...right, ''].map((__, column) => (row === 0 ? column : row)));
  const at = (row: number, column: number): number => edits[row]?.[column] ?? Infinity;
  for (let row = 1; row <= left.length; row++) {
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      edits[row]![column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (same ? 0 : 1),
        swapped ? at(row - 2, column - 2) + 1 : Infinity,
      );
    }
  }
  return at(left.length, right.length);
}
