import { IssuerDocuments } from '../keys/issuer-documents.js';
import { IssuerKeys } from '../keys/issuer-keys.js';
import type { KeySource } from '../keys/key-source.js';
import { isTrustedUrl } from '../keys/trusted-url.js';
import { RevocationFeed } from '../revocations/revocation-feed.js';
import type { Principal } from './principal.js';

/** Whose tokens are accepted, and how they are verified. */
export interface VerifierOptions {
  /** The issuer's URL, exactly as it stands in its tokens' `iss`. */
  issuer: string;
  /** What a token's `aud` must be. Default: the issuer. */
  audience?: string;
  /** Where the issuer is reached when not under its own URL, such as inside a cluster. https, or http on loopback. */
  url?: string;
  /** Where the issuer's public keys come from. Default: what the issuer publishes, fetched and kept. */
  keys?: KeySource;
  /** How many accepted tokens are remembered, so that they cost no signature check when they come again. Default: 5000; 0: none. */
  cacheSize?: number;
  /**
   * Asked for each request with a valid token, besides what the issuer tells; true refuses it, also one that was accepted before.
   */
  isRevoked?: (principal: Principal) => boolean;
  /** Whether to listen to what the issuer tells of closed sessions. Default: true, unless `keys` or `isRevoked` is given. */
  revocations?: boolean;
  /**
   * Refuses every request with 503 `revocations_unknown` while it cannot be said whether its session was closed. Default: false, they
   * are let in: a token lives for minutes.
   */
  strict?: boolean;
  /** For how long the issuer may be silent before it counts as that; more than 10, the time between two heartbeats. Default: 15. */
  strictAfterSeconds?: number;
  /**
   * Told why the issuer's keys cannot be fetched, once until they can be again. Default: in Nest a warning in the log, else
   * nothing.
   */
  onKeyTrouble?: (error: unknown) => void;
  /** Told why nothing is heard of closed sessions any more, once until something is. Default: as for `onKeyTrouble`. */
  onRevocationTrouble?: (error: unknown) => void;
  /** The time in milliseconds since 1970. Default: the system's. */
  clock?: () => number;
}

/** The options with every default filled in, the place of the keys included. */
export type VerifierSettings = Required<
  Pick<VerifierOptions, 'issuer' | 'audience' | 'keys' | 'cacheSize' | 'isRevoked' | 'strict' | 'clock'>
> & { revocations: RevocationFeed };

/**
 * Fills in the defaults.
 *
 * @throws TypeError naming the option that cannot be used, so that a misconfigured app does not start
 */
export function settingsFrom(options: VerifierOptions): VerifierSettings {
  const { issuer, audience = issuer, url = issuer, cacheSize = 5000 } = options;
  const { isRevoked = () => false, onKeyTrouble = () => undefined, clock = () => Date.now() } = options;
  demand(isText(issuer), 'issuer', 'the URL of the issuer');
  demand(isText(audience), 'audience', 'a text that is not empty');
  demand(Number.isSafeInteger(cacheSize) && cacheSize >= 0, 'cacheSize', 'a whole number from 0 up');
  demand(typeof isRevoked === 'function', 'isRevoked', 'a function that gives true or false');
  demand(typeof onKeyTrouble === 'function', 'onKeyTrouble', 'a function');
  demand(typeof clock === 'function', 'clock', 'a function that gives milliseconds');
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
  demand(!strict || revocations || !!isRevoked, 'strict', 'false where nothing tells of closed sessions');
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
