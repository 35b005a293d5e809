import { FeedReader, type Listener, NoStream } from './feed-reader.js';
import { FeedRefused } from './feed-request.js';
import type { FeedSource, Timers } from './feed.options.js';
import { Deadline } from './timers.js';

/** Nobody waits longer for the first news: the guard is open while the feed is away. */
const FIRST_NEWS_MILLIS = 1_000;
const BACKOFF_MILLIS = { least: 50, most: 10_000 };
const POLL_MILLIS = 2_000;
/** When a stream that could not be had, or an issuer that had no feed, is tried again: between this and twice as much. */
const TRY_AGAIN_MILLIS = 30_000;

/** Who is told how it goes, besides what the feed says. */
export interface Companion extends Listener {
  away(error: unknown): void;
  absent(): void;
}

/**
 * Keeps to the feed of an issuer: its stream, or while there is none to be had, its list. It comes back by itself, after a time that
 * grows and is not the same for two.
 */
export class FeedFollower {
  private readonly reader: FeedReader;
  private place: URL | undefined;
  private pollUntilMillis = -Infinity;
  private failures = 0;
  private isClosed = false;
  private interrupt: () => void = () => undefined;
  private running: Promise<void> | undefined;
  private heard: Promise<void> | undefined;
  private hear: () => void = () => undefined;

  constructor(
    private readonly source: FeedSource,
    private readonly companion: Companion,
    private readonly timers: Timers,
  ) {
    const complete: Listener['complete'] = (how) => {
      if (how.steady) this.failures = 0;
      companion.complete(how);
      this.hear();
    };
    this.reader = new FeedReader({ closed: (digest) => companion.closed(digest), complete }, timers);
  }

  /** Resolves with the first news, or when there are none within a second. */
  start(): Promise<void> {
    this.heard ??= new Promise((resolve) => {
      const callOff = this.timers.after(FIRST_NEWS_MILLIS, resolve, true);
      this.hear = () => {
        callOff();
        resolve();
      };
      this.running = this.run();
    });
    return this.heard;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.interrupt();
    this.hear();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      const waitMillis = await this.attempt();
      if (waitMillis > 0) this.hear();
      await this.pause(waitMillis);
    }
    this.hear();
  }

  /** @returns after how many milliseconds to try again */
  private async attempt(): Promise<number> {
    const deadline = new Deadline(this.timers);
    this.interrupt = () => deadline.end();
    try {
      return await this.listen(deadline);
    } catch (error) {
      return this.isClosed ? 0 : this.waitAfter(error);
    } finally {
      deadline.end();
    }
  }

  private async listen(deadline: Deadline): Promise<number> {
    this.place ??= await this.source.findRevocations(deadline.signal);
    if (!this.place) {
      this.companion.absent();
      return this.someTime();
    }
    if (this.timers.now() >= this.pollUntilMillis) return this.reader.follow(this.place, deadline);
    await this.reader.poll(this.place, deadline);
    return POLL_MILLIS;
  }

  private waitAfter(error: unknown): number {
    const cause = error instanceof NoStream ? error.cause : error;
    const asked = cause instanceof FeedRefused ? cause.retryAfterMillis : 0;
    if (error instanceof NoStream) {
      this.pollUntilMillis = this.timers.now() + Math.max(asked, this.someTime());
      return 0;
    }
    this.place = undefined; // it may have moved
    this.pollUntilMillis = -Infinity;
    this.companion.away(error);
    const most = Math.min(this.reader.retryMillis * 2 ** this.failures, BACKOFF_MILLIS.most);
    this.failures += 1;
    return Math.max(asked, BACKOFF_MILLIS.least, this.timers.random() * most);
  }

  private someTime(): number {
    return TRY_AGAIN_MILLIS * (1 + this.timers.random());
  }

  private async pause(millis: number): Promise<void> {
    if (this.isClosed || millis === 0) return;
    await new Promise<void>((resolve) => {
      const callOff = this.timers.after(millis, resolve);
      this.interrupt = () => {
        callOff();
        resolve();
      };
    });
  }
}
