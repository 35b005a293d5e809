import { auditDays, contextWord } from '../formats.js';
import { safeBaseUrl } from '../mail-formats.js';
import { list, text, wholeNumber } from '../setting.js';

/** What is kept of people: accounts, passwords, and what they did. */
export const ACCOUNT_SETTINGS = {
  ACCOUNT_ERASURE_DAYS: wholeNumber(0, 3650, {
    default: '14',
    about: 'How long a closed account can be restored before it is erased; 0 erases it within minutes.',
  }),
  PASSWORD_MIN_LENGTH: wholeNumber(8, 64, {
    default: '8',
    about: 'Shortest password, in characters. NIST SP 800-63B-4 asks for 15 where it is the only factor.',
  }),
  PASSWORD_CONTEXT_WORDS: list('words of 3 to 64 characters', contextWord, {
    defaultNote: "none but the host of `ISSUER_URL` and the owner's address",
    about: 'What a password may hold but not be built from: the names of your company and products.',
  }),
  PWNED_PASSWORDS_URL: text('an https URL without query or fragment (http only on loopback)', safeBaseUrl, {
    defaultNote: 'none: only the offline list of common passwords is asked',
    about:
      'Refuses new passwords that were found in breaches: `https://api.pwnedpasswords.com/range`, or a copy of it. It is told five ' +
      'digits of a SHA-1, never a password.',
  }),
  BCRYPT_COST: wholeNumber(4, 16, {
    default: '12',
    about: 'Work factor of a password hash, as a power of two; 10 or more in production.',
  }),
  AUDIT_DAYS: text('0, or a whole number from 30 to 36500', auditDays, {
    default: '365',
    about: 'How long the audit log keeps an event; 0: for ever.',
  }),
  AUDIT_IP_DAYS: wholeNumber(1, 36_500, {
    default: '90',
    about: 'How long the audit log keeps the address that an event came from.',
  }),
} as const;
