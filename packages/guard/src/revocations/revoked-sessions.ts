import { createHash } from 'node:crypto';

/** How long a closed session is remembered, in seconds: longer than any of its access tokens can live. */
export const REVOCATION_SECONDS = 960;

/**
 * What the feed contains instead of a session id, which a stranger must not learn: SHA-256 of `revoked-session:` and the id, in
 * base64url. The id has 74 random bits.
 */
export function sessionDigest(sessionId: string): string {
  return createHash('sha256').update(`revoked-session:${sessionId}`).digest('base64url');
}

/** The recently closed sessions, in memory: 10 MB for 100,000. */
export class RevokedSessions {
  /** In order of arrival, with the time in milliseconds when each can be forgotten. */
  private readonly untilMillis = new Map<string, number>();
  /** The digests of principals that make many requests, so that each is computed only once. */
  private readonly digests = new WeakMap<object, string>();

  get size(): number {
    return this.untilMillis.size;
  }

  has(owner: { readonly sessionId: string }): boolean {
    return this.untilMillis.size > 0 && this.untilMillis.has(this.digestOf(owner));
  }

  /** @param closedMillis when it was closed, or when that became known, by the same monotonic clock as `forget` */
  add(digest: string, closedMillis: number): void {
    if (!this.untilMillis.has(digest)) this.untilMillis.set(digest, closedMillis + REVOCATION_SECONDS * 1000);
  }

  /** Forgets the sessions whose tokens have all expired. */
  forget(nowMillis: number): void {
    for (const [digest, until] of this.untilMillis) {
      if (until > nowMillis) return;
      this.untilMillis.delete(digest);
    }
  }

  private digestOf(owner: { readonly sessionId: string }): string {
    const known = this.digests.get(owner);
    if (known !== undefined) return known;
    const digest = sessionDigest(owner.sessionId);
    this.digests.set(owner, digest);
    return digest;
  }
}
