/** Limits concurrent clients, in total and per group of addresses. */
export class Places {
  private readonly taken = new Map<string, number>();
  private inAll = 0;

  constructor(
    private readonly total: number,
    private readonly perGroup: number,
  ) {}

  get areFull(): boolean {
    return this.inAll >= this.total;
  }

  areFullFor(group: string): boolean {
    return (this.taken.get(group) ?? 0) >= this.perGroup;
  }

  /** @returns a function that frees the place; idempotent */
  take(group: string): () => void {
    this.count(group, 1);
    let held = true;
    return () => {
      if (held) this.count(group, -1);
      held = false;
    };
  }

  private count(group: string, change: 1 | -1): void {
    this.inAll += change;
    const left = (this.taken.get(group) ?? 0) + change;
    if (left > 0) this.taken.set(group, left);
    else this.taken.delete(group);
  }
}
