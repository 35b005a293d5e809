import { addressRange, origin } from '../formats.js';
import { list, oneOf, wholeNumber } from '../setting.js';

/** Who may ask, from where, and how often. */
export const CALLER_SETTINGS = {
  RATE_LIMITS: oneOf(['on', 'off'], {
    default: 'on',
    about: '`off` is for load tests: passwords can then be guessed at will.',
  }),
  LOGIN_FAILURES_PER_HOUR: wholeNumber(10, 10_000_000, {
    default: '1000',
    about:
      'Wrong passwords in an hour over all accounts, past which an address has two more, and a network eight; devices that have ' +
      'logged in before are let in all the same. Raise it for a service of more than some 100,000 people.',
  }),
  LOGIN_FAILURES_PER_ADDRESS: wholeNumber(5, 1_000_000, {
    default: '50',
    about: 'The same for one IPv4 address or IPv6 /64, and four times as many for one IPv4 /24 or IPv6 /48.',
  }),
  REQUESTS_PER_ADDRESS: wholeNumber(5, 1_000_000, {
    default: '100',
    about:
      'Registrations, mails asked for, bad links and bad refresh tokens in an hour, of each so many, from one address; four ' +
      'times as many from one network.',
  }),
  TRUSTED_PROXIES: list('addresses or CIDR ranges', addressRange, {
    defaultNote: 'none: `X-Forwarded-*` is ignored',
    about:
      'The proxies whose `X-Forwarded-*` headers are believed. Behind one it must be set, or all callers share its limits.',
  }),
  CORS_ORIGINS: list('origins such as https://app.example.com', origin, {
    defaultNote: 'none',
    about: 'Browser origins that may call the API and use its cookies.',
  }),
} as const;
