import { randomInt } from 'node:crypto';
import type { Timers } from './feed.options.js';

const CHANCES = 1_000_000;

export const systemTimers: Timers = {
  now: () => Math.round(performance.now()),
  after: (millis, act, isAwaited) => {
    const timer = setTimeout(act, millis);
    if (!isAwaited) timer.unref();
    return () => clearTimeout(timer);
  },
  random: () => randomInt(CHANCES) / CHANCES,
};

/** Ends what makes no progress in time. */
export class Deadline {
  /** The time was over, and nobody else has ended it. */
  isOver = false;
  private readonly ending = new AbortController();
  private callOff: () => void = () => undefined;

  constructor(private readonly timers: Timers) {}

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** Gives so much time from now on. */
  set(millis: number): void {
    this.callOff();
    this.callOff = this.timers.after(millis, () => {
      this.isOver = true;
      this.end();
    });
  }

  end(): void {
    this.callOff();
    this.ending.abort();
  }
}
