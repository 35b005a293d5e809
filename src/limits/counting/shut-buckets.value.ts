/** The database is asked again after this long: a bucket opens early if another replica gives something back to it. */
const KEPT_MILLIS = 5_000;
/** The most buckets to remember. A forgotten one costs a statement. */
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

  /** @returns how long it stays shut, in milliseconds; 0: not known, ask the database */
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
