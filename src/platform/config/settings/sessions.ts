import { areApart, signalReceiver, signalReceiverId } from '../formats.js';
import { list, wholeNumber } from '../setting.js';

/** Settings for the lifetimes of sessions, tokens and keys, and for who follows revocations. */
export const SESSION_SETTINGS = {
  ACCESS_TOKEN_SECONDS: wholeNumber(60, 900, { default: '600', about: 'Lifetime of an access token.' }),
  REFRESH_TOKEN_SECONDS: wholeNumber(60, 7_776_000, {
    default: '604800',
    about: 'Lifetime of a refresh token: a session ends if it is not refreshed for this long.',
  }),
  SESSION_SECONDS: wholeNumber(60, 31_536_000, {
    default: '2592000',
    about: 'Maximum lifetime of a session, however often it is refreshed.',
  }),
  REFRESH_REUSE_SECONDS: wholeNumber(0, 60, {
    default: '10',
    about:
      'How long a used refresh token still returns the same new token, for browser tabs, retries and lost responses.',
  }),
  SIGNING_KEY_DAYS: wholeNumber(1, 365, {
    default: '90',
    about: 'Days until a signing key is replaced automatically.',
  }),
  REVOCATION_STREAMS: wholeNumber(1, 100_000, {
    default: '1000',
    about: 'Maximum number of clients following `GET /revocations`, per replica.',
  }),
  REVOCATION_STREAMS_PER_ADDRESS: wholeNumber(1, 100_000, {
    default: '20',
    about: 'The same from one IPv4 address or IPv6 /64. Behind a proxy, set `TRUSTED_PROXIES`, too.',
  }),
  SSF_RECEIVERS: list(
    'id:digest pairs (a name or URL, and the SHA-256 of its bearer token in hex; each digest only once)',
    signalReceiver,
    {
      defaultNote: 'none: `/ssf/poll` answers 404',
      about:
        'Receivers that may poll for Shared Signals, each with its own token. An id may be listed twice to have two tokens.',
    },
    areApart,
  ),
  SSF_ACCOUNT_EVENTS: list('ids that SSF_RECEIVERS names', signalReceiverId, {
    defaultNote: 'none: every receiver is told of closed sessions only',
    about: 'Receivers that are also told when an account is disabled, enabled or erased, or its email address changes.',
  }),
} as const;
