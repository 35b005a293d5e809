import { AsyncResource } from 'node:async_hooks';
import { beforeDeadline } from './deadline.js';

export interface GatheringLimits {
  /** How many groups may be under way. */
  lanes: number;
  /** How many go together. */
  most: number;
}

interface Member<Item, Outcome> {
  readonly key: string;
  readonly item: Item;
  readonly settle: (outcome: Outcome | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Work that arrives together travels together: whatever comes in one turn of the event loop, or while as many groups as may
 * be are under way, makes the next group. No timer holds anything back. Of one key a group has one; the others wait for the next.
 */
export class Gathering<Item, Outcome> {
  private readonly waiting = new Set<Member<Item, Outcome>>();
  /** A group belongs to no request and no transaction: its members' end with their own. */
  private readonly outside = new AsyncResource('Gathering');
  private underWay = 0;
  private departing = false;

  /** @param send gives the outcome of each key; what it leaves out is undecided, what it throws is told to all in the group */
  constructor(
    private readonly limits: GatheringLimits,
    private readonly send: (items: Item[]) => Promise<ReadonlyMap<string, Outcome>>,
  ) {}

  /** @returns undefined when left undecided. Fails at the deadline of the request under way, whatever becomes of the group */
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

  /** After everything that has arrived in this turn. */
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

  /** Those that have waited longest. */
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
