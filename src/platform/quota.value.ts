/** What remains of a rate limit for a caller. */
export interface Quota {
  /** Lower-case letters. */
  name: string;
  /** Requests allowed in `windowSeconds`. */
  quota: number;
  windowSeconds: number;
  remaining: number;
  /** Seconds until the quota is restored. */
  resetSeconds: number;
}
