import type { KeySource } from './key-source.js';

/** Whose tokens are accepted, and how they are verified. */
export interface AuthGuardOptions {
  /** The issuer's URL, exactly as it stands in its tokens' `iss`. */
  issuer: string;
  /** What a token's `aud` must be. Default: the issuer. */
  audience?: string;
  /** Where the issuer's public keys come from. */
  keys: KeySource;
  /** The time in milliseconds since 1970. Default: the system's. */
  clock?: () => number;
}

/** The options with every default filled in. */
export type AuthGuardSettings = Required<AuthGuardOptions>;

/**
 * Fills in the defaults.
 *
 * @throws TypeError naming the option that cannot be used, so that a misconfigured app does not start
 */
export function settingsFrom(options: AuthGuardOptions): AuthGuardSettings {
  const { issuer, audience = issuer, keys, clock = () => Date.now() } = options;
  expect(typeof issuer === 'string' && issuer !== '', 'issuer', 'the URL of the issuer');
  expect(typeof audience === 'string' && audience !== '', 'audience', 'a text that is not empty');
  expect(
    typeof (keys as Partial<KeySource> | undefined)?.find === 'function',
    'keys',
    'an object with a method find(kid)',
  );
  expect(typeof clock === 'function', 'clock', 'a function that gives milliseconds');
  return { issuer, audience, keys, clock };
}

function expect(holds: boolean, option: string, what: string): void {
  if (!holds) throw new TypeError(`AuthGuardModule: the option "${option}" must be ${what}.`);
}
