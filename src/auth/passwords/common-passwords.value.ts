import { dictionary } from '@zxcvbn-ts/language-common';

const COMMON = new Set(dictionary['passwords-common']);

/** True for a password that many people have: tried first by anyone who guesses. Case does not count. */
export function isCommonPassword(password: string): boolean {
  return COMMON.has(password.toLowerCase());
}
