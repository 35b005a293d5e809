/**
 * An access token that is not accepted. The message says why, for a log; it is never sent, and it never holds the token
 * or a value from it.
 */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** @throws TokenRefused unless `holds` */
export function must(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new TokenRefused(reason);
}
