import { addressRange, origin } from '../formats.js';
import { list, oneOf, wholeNumber } from '../setting.js';

/** Settings for rate limits, proxies and CORS. */
export const CALLER_SETTINGS = {
  RATE_LIMITS: oneOf(['on', 'off'], {
    default: 'on',
    about: 'Set `off` for load tests only: it allows unlimited password guesses.',
  }),
  LOGIN_FAILURES_PER_HOUR: wholeNumber(10, 10_000_000, {
    default: '1000',
    about:
      'Wrong passwords per hour across all accounts. Above this, an IP address gets only two wrong passwords and a network eight; ' +
      'known devices can still log in. Raise it if you have more than about 100,000 users.',
  }),
  LOGIN_FAILURES_PER_ADDRESS: wholeNumber(5, 1_000_000, {
    default: '50',
    about:
      'Wrong passwords per hour from one IPv4 address or IPv6 /64. An IPv4 /24 or IPv6 /48 gets four times as many.',
  }),
  REQUESTS_PER_ADDRESS: wholeNumber(5, 1_000_000, {
    default: '100',
    about:
      'Registrations, requested emails, invalid links and invalid refresh tokens per hour (each counted separately) from one ' +
      'IPv4 address or IPv6 /64. An IPv4 /24 or IPv6 /48 gets four times as many.',
  }),
  TRUSTED_PROXIES: list('IP addresses or CIDR ranges', addressRange, {
    defaultNote: 'none: `X-Forwarded-*` is ignored',
    about:
      'Proxies whose `X-Forwarded-*` headers are trusted. Set it behind a proxy, or all callers share one rate limit.',
  }),
  CORS_ORIGINS: list('origins such as https://app.example.com', origin, {
    defaultNote: 'none',
    about: 'Web origins whose pages may call the API and use its cookies.',
  }),
} as const;
