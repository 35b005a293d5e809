import { randomInt } from 'node:crypto';

const CHANCES = 1_000_000;

/** Time as the feed sees it, and chance. */
export interface Timers {
  /** Milliseconds by a clock that never jumps. */
  now(): number;
  /** Acts once, later; it does not keep the process alive. @returns what calls it off */
  after(millis: number, act: () => void): () => void;
  /** From 0 up to, but not 1. */
  random(): number;
}

export const systemTimers: Timers = {
  now: () => Math.round(performance.now()),
  after: (millis, act) => {
    const timer = setTimeout(act, millis).unref();
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
