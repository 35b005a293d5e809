import { createHash } from 'node:crypto';
import { normalizePassword } from './password-policy.value.js';

/** 35 hexadecimal digits, a colon, and how often the password was seen. */
const LINE = /^([0-9A-F]{35}):(\d{1,12})$/i;

/** The SHA-1 of a password, divided into the prefix that is sent and the suffix to look for in the response. */
export interface RangeKey {
  prefix: string;
  suffix: string;
}

/** The API uses SHA-1, which protects nothing here. */
export function rangeKeyOf(password: string): RangeKey {
  const digest = createHash('sha1').update(normalizePassword(password)).digest('hex').toUpperCase();
  return { prefix: digest.slice(0, 5), suffix: digest.slice(5) };
}

/**
 * True if the range contains the password. Padding entries have a count of 0.
 * @returns null if the text is not a range
 */
export function isInRange(range: string, { suffix }: RangeKey): boolean | null {
  const lines = range.trimEnd().split(/\r?\n/);
  const entries = lines.map((line) => LINE.exec(line));
  if (entries.some((entry) => entry === null)) return null;
  return entries.some((entry) => entry?.[1]?.toUpperCase() === suffix && Number(entry[2]) > 0);
}
