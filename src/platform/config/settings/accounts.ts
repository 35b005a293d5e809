import { auditDays, contextWord } from '../formats.js';
import { safeBaseUrl } from '../mail-formats.js';
import { list, text, wholeNumber } from '../setting.js';

/** Settings for accounts, passwords and the audit log. */
export const ACCOUNT_SETTINGS = {
  ACCOUNT_ERASURE_DAYS: wholeNumber(0, 3650, {
    default: '14',
    about: 'Days until a closed account is erased; until then it can be restored. 0: erased within minutes.',
  }),
  PASSWORD_MIN_LENGTH: wholeNumber(8, 64, {
    default: '8',
    about: 'Minimum length of a password, in characters. NIST SP 800-63B-4 requires 15 if it is the only factor.',
  }),
  PASSWORD_CONTEXT_WORDS: list('words of 3 to 64 characters', contextWord, {
    defaultNote: "none besides the host of `ISSUER_URL` and the owner's email address",
    about: 'Words that a password may contain but must not consist of, such as the names of your company and products.',
  }),
  PWNED_PASSWORDS_URL: text('an https URL without query or fragment (http only on loopback)', safeBaseUrl, {
    defaultNote: 'none: only the offline list of common passwords is checked',
    about:
      'Rejects new passwords known from data breaches: `https://api.pwnedpasswords.com/range`, or a mirror of it. Only five ' +
      'digits of a SHA-1 hash are sent, never a password.',
  }),
  BCRYPT_COST: wholeNumber(4, 16, {
    default: '12',
    about: 'Work factor of bcrypt, as a power of two. In production 10 or more.',
  }),
  AUDIT_DAYS: text('0, or a whole number from 30 to 36500', auditDays, {
    default: '365',
    about: 'Days that the audit log keeps an event. 0: forever.',
  }),
  AUDIT_IP_DAYS: wholeNumber(1, 36_500, {
    default: '90',
    about: 'Days that the audit log keeps the IP address of an event.',
  }),
} as const;
