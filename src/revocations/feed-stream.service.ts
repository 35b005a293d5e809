import { Readable } from 'node:stream';
import type { Entry, RevocationLog } from './revocation-log.value.js';

/** Entries written at once, about 14 KiB: what a reader is sent ahead of its reading. */
const AT_ONCE = 200;
const HIGH_WATER_BYTES = 16 * 1024;
/** Who reads nothing for so long is cut. */
const STALLED_MILLIS = 10_000;

/** What of the reader of the feed a stream needs. */
interface Source {
  readonly log: RevocationLog;
  readonly isFresh: boolean;
}

/**
 * The feed as server-sent events, for one follower. It holds a position in the log that all share, and is given more only when
 * it has read what it was given: a slow one costs no more memory than a fast one.
 */
export class FeedStream extends Readable {
  private wanting = false;
  private stalledMillis = 0;
  private isCurrent = false;

  constructor(
    private readonly source: Source,
    private position: number,
  ) {
    super({ highWaterMark: HIGH_WATER_BYTES });
    this.send('retry: 1000\n\n'); // the answer's head goes out with its first bytes
  }

  override _read(): void {
    this.wanting = true;
    this.advance();
  }

  /** Sends what is new, and once that it has come to the end. Cuts who does not read. */
  advance(): void {
    if (!this.wanting && performance.now() - this.stalledMillis > STALLED_MILLIS) this.destroy();
    while (this.wanting && this.position < this.source.log.end) {
      const { entries, next } = this.source.log.read(this.position, AT_ONCE);
      this.position = next;
      this.send(entries.map(frame).join(''));
    }
    if (this.isCurrent || !this.wanting || !this.source.isFresh) return;
    this.isCurrent = true;
    this.send('event: current\ndata: current\n\n');
  }

  /** Says that the service is there and knows the newest; while it does not, silence says so. */
  beat(): void {
    if (this.wanting && this.source.isFresh) this.send(':\n\n');
  }

  /** Ends the answer; one that is not read is cut. */
  finish(): void {
    if (this.destroyed || this.readableEnded) return;
    if (this.wanting) this.push(null);
    else this.destroy();
    this.wanting = false;
  }

  private send(text: string): void {
    this.wanting = this.push(text);
    if (!this.wanting) this.stalledMillis = performance.now();
  }
}

function frame({ id, digest }: Entry): string {
  return `id: ${id}\ndata: ${digest}\n\n`;
}
