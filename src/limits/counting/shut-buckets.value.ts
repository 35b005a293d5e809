/** Asked again after this at the latest: what another replica gives back opens a bucket early. */
const KEPT_MILLIS = 5_000;
/** More than that are not remembered; those that are forgotten cost a statement. */
const MOST = 20_000;

/** Buckets that are known to be shut, so that a flood costs no statements. Times are in milliseconds of one clock. */
export class ShutBuckets {
  private readonly known = new Map<string, { knownUntil: number; shutUntil: number }>();

  /** @param millis how long it stays shut */
  add(key: Buffer, millis: number, now: number): void {
    const [oldest] = this.known.keys();
    if (this.known.size >= MOST && oldest !== undefined) this.known.delete(oldest);
    this.known.set(text(key), { knownUntil: now + Math.min(millis, KEPT_MILLIS), shutUntil: now + millis });
  }

  delete(key: Buffer): void {
    this.known.delete(text(key));
  }

  /** @returns how long it stays shut, as far as is known; 0: ask */
  millisLeft(key: Buffer, now: number): number {
    const found = this.known.get(text(key));
    if (!found) return 0;
    if (found.knownUntil > now) return found.shutUntil - now;
    this.known.delete(text(key));
    return 0;
  }
}

function text(key: Buffer): string {
  return key.toString('base64');
}
