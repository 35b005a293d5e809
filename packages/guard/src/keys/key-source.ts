import type { KeyObject } from 'node:crypto';

/** Where the issuer's public keys come from. It is asked for every request, also for tokens that were accepted before. */
export interface KeySource {
  /**
   * The public key (EC P-256) of that id; undefined when the issuer has none.
   *
   * @param kid well-formed, but chosen by whoever sends the token
   * @throws KeysUnavailable when the keys are out of reach, so that nobody can say; any other error counts as that too
   */
  find(kid: string): KeyObject | undefined | Promise<KeyObject | undefined>;
}
