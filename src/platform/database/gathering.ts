import { AsyncResource } from 'node:async_hooks';
import { beforeDeadline } from './deadline.js';

export interface GatheringLimits {
  /** Maximum number of groups sent at once. */
  lanes: number;
  /** Maximum size of a group. */
  most: number;
}

interface Member<Item, Outcome> {
  readonly key: string;
  readonly item: Item;
  readonly settle: (outcome: Outcome | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Collects items into groups that are sent together: whatever arrives in one turn of the event loop, or while the maximum number
 * of groups is being sent. No timer delays anything. A group holds at most one item per key; further ones wait for the next
 * group.
 */
export class Gathering<Item, Outcome> {
  private readonly waiting = new Set<Member<Item, Outcome>>();
  /** A group must not inherit the deadline or the transaction of the request that happens to start it. */
  private readonly outside = new AsyncResource('Gathering');
  private underWay = 0;
  private departing = false;

  /** @param send returns the outcome of each key; a key that is missing is undecided, and an error rejects the whole group */
  constructor(
    private readonly limits: GatheringLimits,
    private readonly send: (items: Item[]) => Promise<ReadonlyMap<string, Outcome>>,
  ) {}

  /** @returns undefined if undecided. Rejects at the deadline of the current request; the group itself goes on */
  join(key: string, item: Item): Promise<Outcome | undefined> {
    let leave = (): void => undefined;
    const decided = new Promise<Outcome | undefined>((settle, fail) => {
      const member = { key, item, settle, fail };
      this.waiting.add(member);
      leave = () => void this.waiting.delete(member);
    });
    this.departSoon();
    return beforeDeadline(decided, leave);
  }

  /** Waits for the end of this turn of the event loop. */
  private departSoon(): void {
    if (this.departing) return;
    this.departing = true;
    const depart = (): void => {
      this.departing = false;
      this.depart();
    };
    this.outside.runInAsyncScope(() => setImmediate(depart));
  }

  private depart(): void {
    while (this.waiting.size > 0 && this.underWay < this.limits.lanes) void this.travel(this.nextGroup());
  }

  private async travel(group: ReadonlyMap<string, Member<Item, Outcome>>): Promise<void> {
    this.underWay += 1;
    try {
      const outcomes = await this.send([...group.values()].map(({ item }) => item));
      for (const [key, { settle }] of group) settle(outcomes.get(key));
    } catch (error) {
      for (const { fail } of group.values()) fail(error);
    }
    this.underWay -= 1;
    this.depart();
  }

  /** The items that have waited longest. */
  private nextGroup(): ReadonlyMap<string, Member<Item, Outcome>> {
    const group = new Map<string, Member<Item, Outcome>>();
    for (const member of this.waiting) {
      if (group.size === this.limits.most) break;
      if (group.has(member.key)) continue;
      group.set(member.key, member);
      this.waiting.delete(member);
    }
    return group;
  }
}
