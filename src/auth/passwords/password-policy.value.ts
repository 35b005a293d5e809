import type { FieldError } from '../../platform/errors.js';
import { parseEmailAddress } from '../../users/email-address/email-address.value.js';
import { isBuiltFrom, wordsOfAddress } from './context-words.value.js';

export const PASSWORD_MAX_LENGTH = 128;
/** In UTF-16 units: decomposed (NFD), a character has at most four code points. Longer input is refused without further work. */
const MAX_TYPED_LENGTH = PASSWORD_MAX_LENGTH * 4 * 2;

export const COMMON: FieldError = {
  field: 'password',
  code: 'password_blocklisted',
  detail: 'This password is too common and easy to guess.',
};

/** Found by an external service; `passwordProblem` does not check this. */
export const BREACHED: FieldError = {
  field: 'password',
  code: 'password_breached',
  detail: 'This password appeared in a data breach, so attackers will try it first. Choose another.',
};

/** The form in which passwords are counted, compared and hashed (NFC), independent of how a keyboard composes characters. */
export function normalizePassword(password: string): string {
  return password.normalize('NFC');
}

/** The length in Unicode code points (NIST SP 800-63B-4); Infinity if the text is too long to count. */
function passwordLength(password: string): number {
  if (password.length > MAX_TYPED_LENGTH) return Infinity;
  return [...normalizePassword(password)].length;
}

/** True if a text could be a password. A login checks this before it hashes. */
export function isPossiblePassword(password: string): boolean {
  const length = passwordLength(password);
  return length >= 1 && length <= PASSWORD_MAX_LENGTH;
}

/** True for spaces only, or for a single repeated character in a password that is not very long. */
function isMonotonous(password: string): boolean {
  return /^\s+$/u.test(password) || /^(\p{ASCII})\1{0,14}$/u.test(password);
}

/**
 * Checks a new password. There are no composition rules: only length and rarity count.
 * @param email the owner's address, in its stored form
 * @param words words that attackers would try first at this service, in lower case
 * @param isCommon whether many people use a password
 * @returns null if the password is acceptable
 */
export function passwordProblem(
  password: string,
  email: string,
  minLength: number,
  words: readonly string[],
  isCommon: (password: string) => boolean,
): FieldError | null {
  const problem = (code: string, detail: string): FieldError => ({ field: 'password', code, detail });
  const length = passwordLength(password);
  if (length < minLength) return problem('too_short', `Must have at least ${minLength} characters.`);
  if (length > PASSWORD_MAX_LENGTH) return problem('too_long', `Must have at most ${PASSWORD_MAX_LENGTH} characters.`);
  const normalized = normalizePassword(password);
  if (parseEmailAddress(normalized) === email)
    return problem('password_equals_email', 'Must not be the email address.');
  if (isCommon(normalized)) return COMMON;
  if (isMonotonous(normalized)) {
    return problem('password_monotonous', 'Must not be one repeated character or only spaces.');
  }
  if (isBuiltFrom(normalized, [...words, ...wordsOfAddress(email)])) {
    return problem(
      'password_guessable',
      'Too easy to guess: mostly your email address or words related to this service.',
    );
  }
  return null;
}
