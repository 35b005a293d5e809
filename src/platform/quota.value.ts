/** What a caller has left of a limit. */
export interface Quota {
  /** Lower-case letters. */
  name: string;
  /** How many are let in, in `windowSeconds`. */
  quota: number;
  windowSeconds: number;
  remaining: number;
  /** Until there is more. */
  resetSeconds: number;
}
