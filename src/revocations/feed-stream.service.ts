import { Readable } from 'node:stream';
import type { Entry, RevocationLog } from './log/revocation-log.value.js';

/** Entries written at once, about 14 KiB. It bounds what is buffered for a client. */
const AT_ONCE = 200;
const HIGH_WATER_BYTES = 16 * 1024;
/** A client that reads nothing for this long is disconnected. */
const STALLED_MILLIS = 10_000;

/** The part of `FeedReader` that a stream uses. */
interface Source {
  readonly log: RevocationLog;
  readonly isFresh: boolean;
}

/**
 * The feed as server-sent events, for one client. It keeps a position in the shared log and writes more only when the client has
 * read what was written, so a slow client uses no more memory than a fast one.
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
    this.send('retry: 1000\n\n'); // Node sends the headers with the first bytes
  }

  override _read(): void {
    this.wanting = true;
    this.advance();
  }

  /** Sends new entries, and once the event `current` after the last one. Disconnects clients that do not read. */
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

  /** Sends a comment as a heartbeat while the feed is fresh. Its absence tells the client that revocations may be missing. */
  beat(): void {
    if (this.wanting && this.source.isFresh) this.send(':\n\n');
  }

  /** Ends the response, or closes the connection if the client does not read. */
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
