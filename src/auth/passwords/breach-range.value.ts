import { createHash } from 'node:crypto';
import { normalizePassword } from './password-policy.value.js';

/** 35 hexadecimal digits, a colon and how often it was seen. */
const LINE = /^([0-9A-F]{35}):(\d{1,12})$/i;

/** A password as it is looked for: the digits that are told, and those that are looked for in what comes back. */
export interface RangeKey {
  prefix: string;
  suffix: string;
}

/** SHA-1 is what the ranges are made of: it protects nothing here. */
export function rangeKeyOf(password: string): RangeKey {
  const digest = createHash('sha1').update(normalizePassword(password)).digest('hex').toUpperCase();
  return { prefix: digest.slice(0, 5), suffix: digest.slice(5) };
}

/**
 * Whether a range says that the password was seen. Padding stands there as seen no times.
 * @returns null for a text that is no range
 */
export function isInRange(range: string, { suffix }: RangeKey): boolean | null {
  const lines = range.trimEnd().split(/\r?\n/);
  const entries = lines.map((line) => LINE.exec(line));
  if (entries.some((entry) => entry === null)) return null;
  return entries.some((entry) => entry?.[1]?.toUpperCase() === suffix && Number(entry[2]) > 0);
}
