import { createHash } from 'node:crypto';

/** A closed session is remembered for this long: past it no access token of its is alive, whatever life it was given. */
export const REVOCATION_SECONDS = 960;

/**
 * What the feed says in the place of a session's id: SHA-256 of `revoked-session:` and the id, in base64url. The id's 74
 * random bits keep a stranger from trying ids, and who holds a token of the session needs no secret to find it.
 */
export function sessionDigest(sessionId: string): string {
  return createHash('sha256').update(`revoked-session:${sessionId}`).digest('base64url');
}

/** The sessions that were closed a short while ago; asked with each request, so it holds them in memory: 10 MB for 100,000. */
export class RevokedSessions {
  /** In the order they came, with the time in milliseconds at which each may be forgotten. */
  private readonly untilMillis = new Map<string, number>();
  /** Of who makes requests again and again, the digest is made once. */
  private readonly digests = new WeakMap<object, string>();

  get size(): number {
    return this.untilMillis.size;
  }

  has(owner: { readonly sessionId: string }): boolean {
    return this.untilMillis.size > 0 && this.untilMillis.has(this.digestOf(owner));
  }

  /** @param closedMillis when it was closed or that became known, by the same clock as `forget`, one that never jumps */
  add(digest: string, closedMillis: number): void {
    if (!this.untilMillis.has(digest)) this.untilMillis.set(digest, closedMillis + REVOCATION_SECONDS * 1000);
  }

  /** Lets go of those whose tokens have all expired. */
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
