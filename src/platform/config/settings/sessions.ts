import { areApart, signalReceiver } from '../formats.js';
import { list, wholeNumber } from '../setting.js';

/** How long sessions and their tokens live, and who is told when one ends. */
export const SESSION_SETTINGS = {
  ACCESS_TOKEN_SECONDS: wholeNumber(60, 900, { default: '600', about: 'Life of an access token.' }),
  REFRESH_TOKEN_SECONDS: wholeNumber(60, 7_776_000, {
    default: '604800',
    about: 'How long a session lives without being refreshed.',
  }),
  SESSION_SECONDS: wholeNumber(60, 31_536_000, {
    default: '2592000',
    about: 'How long a session lives at most, however often it is refreshed.',
  }),
  REFRESH_REUSE_SECONDS: wholeNumber(0, 60, {
    default: '10',
    about: 'How long a used refresh token still gives its own successor (tabs, retries, lost answers).',
  }),
  SIGNING_KEY_DAYS: wholeNumber(1, 365, {
    default: '90',
    about: 'How long a key signs access tokens before the next one takes over by itself.',
  }),
  REVOCATION_STREAMS: wholeNumber(1, 100_000, {
    default: '1000',
    about: 'How many may follow `GET /revocations` at once, for each replica.',
  }),
  REVOCATION_STREAMS_PER_ADDRESS: wholeNumber(1, 100_000, {
    default: '20',
    about: 'How many of them from one IPv4 address or one IPv6 /64; behind a proxy set `TRUSTED_PROXIES`, too.',
  }),
  SSF_RECEIVERS: list(
    'id:digest (a name or URL, and the SHA-256 of its bearer token in hex, no digest twice)',
    signalReceiver,
    {
      defaultNote: 'none: `/ssf/poll` answers 404',
      about: 'Who may poll for Shared Signals, each by its own token; an id that is named twice has two tokens.',
    },
    areApart,
  ),
} as const;
