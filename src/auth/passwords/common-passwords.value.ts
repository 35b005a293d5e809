import { dictionary } from '@zxcvbn-ts/language-common';

/** No password is shorter, so the shorter entries of the list need not be kept. */
const SHORTEST = 8;

const COMMON = new Set(dictionary['passwords-common'].filter((password) => password.length >= SHORTEST));

/** True for a password that many people have: tried first by anyone who guesses. Case does not count. */
export function isCommonPassword(password: string): boolean {
  return COMMON.has(password.toLowerCase());
}
