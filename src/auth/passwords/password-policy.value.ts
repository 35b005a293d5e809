import type { FieldError } from '../../platform/errors.js';
import { parseEmailAddress } from '../../users/email-address/email-address.value.js';
import { isBuiltFrom, wordsOfAddress } from './context-words.value.js';

export const PASSWORD_MAX_LENGTH = 128;
/** In UTF-16 units: a character comes apart into at most four code points (NFD). Past this no time is spent on it. */
const MAX_TYPED_LENGTH = PASSWORD_MAX_LENGTH * 4 * 2;

export const COMMON: FieldError = {
  field: 'password',
  code: 'password_blocklisted',
  detail: 'This password is too common and easy to guess.',
};

/** Nothing that a password shows by itself: it was found elsewhere. */
export const BREACHED: FieldError = {
  field: 'password',
  code: 'password_breached',
  detail: 'This password appeared in a data breach, so attackers will try it first. Choose another.',
};

/** The form in which a password is counted, compared and hashed: the same however a keyboard composed it (NFC). */
export function normalizePassword(password: string): string {
  return password.normalize('NFC');
}

/** In characters as people count them: Unicode code points (NIST SP 800-63B-4). Infinite when too long to be worth counting. */
function passwordLength(password: string): number {
  if (password.length > MAX_TYPED_LENGTH) return Infinity;
  return [...normalizePassword(password)].length;
}

/** Whether a text could be anyone's password: what a login checks before it hashes. */
export function isPossiblePassword(password: string): boolean {
  const length = passwordLength(password);
  return length >= 1 && length <= PASSWORD_MAX_LENGTH;
}

/** Blanks alone; or one key held down, unless it was held for long. */
function isMonotonous(password: string): boolean {
  return /^\s+$/u.test(password) || /^(\p{ASCII})\1{0,14}$/u.test(password);
}

/**
 * What is wrong with a new password. No composition rules: length and rarity are what counts.
 * @param email the owner's, in its stored form
 * @param words what anyone would try first at this service, in lower case
 * @param isCommon whether a password is one that many people have
 * @returns null if nothing is
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
