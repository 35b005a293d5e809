import type { KeyObject } from 'node:crypto';

/** A source of the issuer's public keys. It is called for every request, also with a cached token. */
export interface KeySource {
  /**
   * The public key (EC P-256) with this id; undefined if the issuer has no such key.
   *
   * @param kid well-formed, but chosen by the sender of the token
   * @throws KeysUnavailable if the keys cannot be reached. Any other error is treated the same way
   */
  find(kid: string): KeyObject | undefined | Promise<KeyObject | undefined>;
}
