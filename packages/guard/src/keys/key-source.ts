import type { KeyObject } from 'node:crypto';

/** A source of the issuer's public keys. Called for every request. */
export interface KeySource {
  /**
   * The public key (EC P-256) with this id; undefined if there is none.
   *
   * @param kid well-formed, but chosen by the sender of the token
   * @throws KeysUnavailable if the keys cannot be reached; any other error counts as that
   */
  find(kid: string): KeyObject | undefined | Promise<KeyObject | undefined>;
}
