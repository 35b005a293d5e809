import { AccessTokenVerifier } from './core/access-token.verifier.js';
import { settingsFrom, type VerifierOptions } from './core/verifier.options.js';

export { AccessTokenVerifier } from './core/access-token.verifier.js';
export type { HttpRequest } from './core/bearer-token.js';
export type { AccessTokenClaims } from './core/claims.js';
export {
  AccessRefused,
  InsufficientRole,
  InvalidToken,
  KeysUnavailable,
  LoginTooOld,
  MissingToken,
  RevocationsUnknown,
  type Problem,
} from './core/errors.js';
export type { Principal } from './core/principal.js';
export type { VerifierOptions } from './core/verifier.options.js';
export { type FeedState, RevocationFeed } from './revocations/revocation-feed.js';
export { REVOCATION_SECONDS, RevokedSessions, sessionDigest } from './revocations/revoked-sessions.js';
export type { KeySource } from './keys/key-source.js';

/**
 * Creates a verifier for the access tokens of one issuer, for any framework. Reuse it: it caches keys, accepted tokens and closed
 * sessions.
 *
 * @throws TypeError naming the invalid option
 */
export function createVerifier(options: VerifierOptions): AccessTokenVerifier {
  return new AccessTokenVerifier(settingsFrom(options));
}
