import { REVOCATION_SECONDS } from '@auth-service/guard';
import { HighestSoFar } from './highest-so-far.value.js';

/**
 * Transactions may commit in another order than that of their ids, so an entry with a lower id may appear up to this long after
 * a higher one. Transactions that close sessions are shorter: the database ends those of the service after a third of this time.
 */
const OVERLAP_MILLIS = 15_000;

/** An entry of the feed. */
export interface Entry {
  readonly id: number;
  readonly digest: string;
  /** By `performance.now()`. A whole number, like all fields here, so that V8 allocates no object for it. */
  readonly closedMillis: number;
}

/**
 * The entries that valid access tokens may need, in the order in which this replica read them. Readers share it and keep only a
 * position.
 */
export class RevocationLog {
  private readonly entries: Entry[] = [];
  private readonly ids = new HighestSoFar();
  private readonly times = new HighestSoFar();
  /** Those that came after an entry with a higher id: `ids` does not lead to them. */
  private readonly late = new Map<number, Entry>();
  /** The position of the first entry: how many were here before it. */
  private first = 0;
  private readonly unsettled = new Map<number, number>();
  private newestMillis = -Infinity;

  /** The highest id read so far. */
  newestId = 0;
  /** No entry with this id or a lower one can appear any more. */
  settledId = 0;

  /** The position behind the last entry. */
  get end(): number {
    return this.first + this.entries.length;
  }

  has(id: number): boolean {
    return this.unsettled.has(id);
  }

  add(entry: Entry): void {
    if (entry.id < this.newestId) this.late.set(entry.id, entry);
    this.entries.push(entry);
    this.ids.add(entry.id);
    this.times.add(entry.closedMillis);
    this.unsettled.set(entry.id, entry.closedMillis);
    this.newestId = Math.max(this.newestId, entry.id);
    this.newestMillis = Math.max(this.newestMillis, entry.closedMillis);
  }

  /** Removes entries that no valid token needs, and ids that are only kept to recognize late entries. */
  tidy(nowMillis: number): void {
    const dead = nowMillis - REVOCATION_SECONDS * 1000;
    const living = this.entries.findIndex(({ closedMillis }) => closedMillis > dead);
    const gone = living === -1 ? this.entries.length : living;
    this.drop(gone);
    for (const [id, closedMillis] of this.unsettled) {
      if (closedMillis > this.newestMillis - OVERLAP_MILLIS) continue;
      this.unsettled.delete(id);
      this.settledId = Math.max(this.settledId, id);
    }
  }

  /**
   * @param id the last entry that a reader has received, from this replica or another one; null: none
   * @returns the position to continue from, with an overlap; the beginning if the id is unknown here
   */
  positionAfter(id: number | null): number {
    const known = id === null ? undefined : this.find(id);
    if (!known) return this.first;
    return this.first + this.times.firstReaching(known.closedMillis - OVERLAP_MILLIS + 1); // times are whole
  }

  /** @returns up to `limit` entries from the position, and the position after them */
  read(position: number, limit: number): { entries: readonly Entry[]; next: number } {
    const start = Math.max(position - this.first, 0);
    const entries = this.entries.slice(start, start + limit);
    return { entries, next: this.first + start + entries.length };
  }

  private find(id: number): Entry | undefined {
    const candidate = this.entries[this.ids.firstReaching(id)];
    return candidate?.id === id ? candidate : this.late.get(id);
  }

  private drop(count: number): void {
    for (const { id } of this.entries.splice(0, count)) this.late.delete(id);
    this.ids.dropFirst(count);
    this.times.dropFirst(count);
    this.first += count;
  }
}
