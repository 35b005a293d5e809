import { IssuerDocuments } from '../keys/issuer-documents.js';
import { IssuerKeys } from '../keys/issuer-keys.js';
import type { KeySource } from '../keys/key-source.js';
import { isTrustedUrl } from '../keys/trusted-url.js';
import { RevocationFeed } from '../revocations/revocation-feed.js';
import type { Principal } from './principal.js';

/** Which tokens are accepted, and how they are verified. */
export interface VerifierOptions {
  /** The URL of the issuer, exactly as in the `iss` of its tokens. */
  issuer: string;
  /** The `aud` of its tokens. Default: the issuer. */
  audience?: string;
  /** Where to reach the issuer, if not at `issuer`, e.g. inside a cluster. https, or http on loopback. */
  url?: string;
  /** The issuer's public keys. Default: fetches and caches what the issuer publishes. */
  keys?: KeySource;
  /** How many accepted tokens to cache. Default: 5000. 0: none. */
  cacheSize?: number;
  /**
   * Called for each request with a valid token, also a cached one. Return true to refuse it.
   */
  isRevoked?: (principal: Principal) => boolean;
  /** Whether to follow the issuer's list of closed sessions. Default: true, unless `keys` or `isRevoked` is given. */
  revocations?: boolean;
  /**
   * Whether to answer every request with 503 `revocations_unknown` while the latest closed sessions are not known. Default: false.
   */
  strict?: boolean;
  /** Seconds without news until closed sessions count as unknown. More than 10. Default: 15. */
  strictAfterSeconds?: number;
  /**
   * Called with the reason when the issuer's keys cannot be fetched; not again until they have been. Default: in Nest logs a
   * warning.
   */
  onKeyTrouble?: (error: unknown) => void;
  /** The same for news of closed sessions. Default: as for `onKeyTrouble`. */
  onRevocationTrouble?: (error: unknown) => void;
  /** Returns the time in milliseconds since the Unix epoch. Default: the system clock. */
  clock?: () => number;
}

/** The options with all defaults filled in, including the key source. */
export type VerifierSettings = Required<
  Pick<VerifierOptions, 'issuer' | 'audience' | 'keys' | 'cacheSize' | 'isRevoked' | 'strict' | 'clock'>
> & { revocations: RevocationFeed };

/**
 * Fills in the defaults.
 *
 * @throws TypeError naming the invalid option, so that a misconfigured app does not start
 */
export function settingsFrom(options: VerifierOptions): VerifierSettings {
  const { issuer, audience = issuer, url = issuer, cacheSize = 5000 } = options;
  const { isRevoked = () => false, onKeyTrouble = () => undefined, clock = () => Date.now() } = options;
  demand(isText(issuer), 'issuer', 'the URL of the issuer');
  demand(isText(audience), 'audience', 'a string that is not empty');
  demand(Number.isSafeInteger(cacheSize) && cacheSize >= 0, 'cacheSize', 'a whole number, 0 or more');
  demand(typeof isRevoked === 'function', 'isRevoked', 'a function that returns true or false');
  demand(typeof onKeyTrouble === 'function', 'onKeyTrouble', 'a function');
  demand(typeof clock === 'function', 'clock', 'a function that returns milliseconds');
  const keys = options.keys ?? new IssuerKeys(documentsOf(issuer, url), clock, onKeyTrouble);
  demand(typeof (keys as Partial<KeySource>).find === 'function', 'keys', 'an object with a method find(kid)');
  const { strict = false } = options;
  const revocations = feedFrom(options, strict);
  return { issuer, audience, keys, cacheSize, isRevoked, revocations, strict, clock };
}

function feedFrom(options: VerifierOptions, strict: boolean): RevocationFeed {
  const { issuer, url = issuer, keys, isRevoked, onRevocationTrouble: onTrouble = () => undefined } = options;
  const { revocations = !keys && !isRevoked, strictAfterSeconds = 15 } = options;
  demand(typeof revocations === 'boolean', 'revocations', 'true or false');
  demand(typeof strict === 'boolean', 'strict', 'true or false');
  demand(!strict || revocations || !!isRevoked, 'strict', 'false if there is no source of closed sessions');
  demand(Number.isFinite(strictAfterSeconds) && strictAfterSeconds > 10, 'strictAfterSeconds', 'a number above 10');
  demand(typeof onTrouble === 'function', 'onRevocationTrouble', 'a function');
  const source = revocations ? documentsOf(issuer, url) : undefined;
  return new RevocationFeed({ source, isOthersTask: !!isRevoked, strictAfterSeconds, onTrouble });
}

function documentsOf(issuer: string, url: string): IssuerDocuments {
  const what = 'an https URL (http on loopback only) without credentials, query or fragment';
  demand(isTrustedUrl(issuer), 'issuer', what);
  demand(isTrustedUrl(url), 'url', what);
  return new IssuerDocuments(issuer, url);
}

/** @throws TypeError naming the option, unless `holds` */
export function demand(holds: boolean, option: string, what: string): void {
  if (!holds) throw new TypeError(`The auth guard cannot start: the option "${option}" must be ${what}.`);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
