import type { Timers } from '../../src/revocations/feed.options.js';

/** Time that passes only when the test says so. */
export class ManualTimers implements Timers {
  /** What chance says next. */
  chance = 0.5;
  private nowMillis = 1_000_000;
  private waiting: { atMillis: number; act: () => void }[] = [];

  /** In how many milliseconds each thing that waits will happen, the next first. */
  get delays(): number[] {
    return this.waiting.map(({ atMillis }) => atMillis - this.nowMillis).sort((one, other) => one - other);
  }

  now(): number {
    return this.nowMillis;
  }

  random(): number {
    return this.chance;
  }

  after(millis: number, act: () => void): () => void {
    const mine = { atMillis: this.nowMillis + millis, act };
    this.waiting.push(mine);
    return () => (this.waiting = this.waiting.filter((each) => each !== mine));
  }

  advance(millis: number): void {
    const end = this.nowMillis + millis;
    for (;;) {
      const next = this.waiting.filter(({ atMillis }) => atMillis <= end).sort((a, b) => a.atMillis - b.atMillis)[0];
      if (!next) break;
      this.waiting = this.waiting.filter((each) => each !== next);
      this.nowMillis = next.atMillis;
      next.act();
    }
    this.nowMillis = end;
  }
}
