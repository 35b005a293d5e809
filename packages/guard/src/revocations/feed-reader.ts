import type { IncomingMessage } from 'node:http';
import { isObject } from '../core/token-format.js';
import { type FeedEvent, FeedEvents, feedId, isDigest } from './feed-events.js';
import { ask, FeedRefused } from './feed-request.js';
import type { Timers } from './feed.options.js';
import type { Deadline } from './timers.js';

/** From one session to the next of a new stream, until all were told. */
const FIRST_NEWS_MILLIS = 5_000;
/** A heartbeat comes every 10 s: a stream that says nothing for so long is dead. */
const SILENCE_MILLIS = 13_000;
const LIST_MILLIS = 10_000;
/** About 450,000 sessions. */
const MOST_LIST_CHARACTERS = 32 * 1024 * 1024;
const RETRY_MILLIS = { usual: 1_000, least: 500, most: 10_000 };

/** Who is told what the feed says. */
export interface Listener {
  closed(digest: string): void;
  /** Nothing is missing of what was closed before that time; a `steady` feed has said so before. */
  complete(how: { atMillis: number; by: 'following' | 'polling'; steady: boolean }): void;
}

/** Someone is there, but does not give the feed as a stream. */
export class NoStream extends Error {
  constructor(override readonly cause: unknown) {
    super('the feed is not available as a stream');
  }
}

/** Reads the feed, as a stream or as a list, and goes on where it was. */
export class FeedReader {
  /** When to come back to a stream that has ended, as the feed says. */
  retryMillis = RETRY_MILLIS.usual;
  /** The last entry that was met. */
  private lastId: string | undefined;

  constructor(
    private readonly listener: Listener,
    private readonly timers: Timers,
  ) {}

  /**
   * Follows the stream as long as it lasts.
   *
   * @throws NoStream when it does not begin, any other error when nobody is there and when it ends
   */
  async follow(place: URL, deadline: Deadline): Promise<never> {
    const stream = { isOpen: false, isCurrent: false };
    deadline.set(FIRST_NEWS_MILLIS);
    try {
      const text = await ask(place, 'text/event-stream', this.lastId, deadline.signal);
      stream.isOpen = true;
      await this.readStream(text, stream, deadline);
      throw new Error('the feed has ended');
    } catch (error) {
      const isAnswer = stream.isOpen || error instanceof FeedRefused;
      if (!stream.isCurrent && (isAnswer || deadline.isOver)) throw new NoStream(error);
      throw deadline.isOver ? new Error('the feed is silent') : error;
    }
  }

  /** @throws FeedRefused when there is no list at the moment, any other error when nobody is there or it is none */
  async poll(place: URL, deadline: Deadline): Promise<void> {
    const atMillis = this.timers.now();
    const url = new URL(place);
    url.searchParams.set('since', this.lastId ?? '0');
    deadline.set(LIST_MILLIS);
    this.takeList(JSON.parse(await wholeTextOf(await ask(url, 'application/json', undefined, deadline.signal))));
    this.listener.complete({ atMillis, by: 'polling', steady: true });
  }

  private async readStream(
    text: AsyncIterable<string>,
    stream: { isCurrent: boolean },
    deadline: Deadline,
  ): Promise<void> {
    const events = new FeedEvents();
    for await (const part of text) {
      let isNews = false;
      for (const event of events.read(part)) {
        this.take(event, stream);
        isNews ||= stream.isCurrent || event.kind === 'closed';
      }
      if (isNews) deadline.set(stream.isCurrent ? SILENCE_MILLIS : FIRST_NEWS_MILLIS);
    }
  }

  private take(event: FeedEvent, stream: { isCurrent: boolean }): void {
    if (event.kind === 'closed') {
      this.lastId = event.id ?? this.lastId;
      this.listener.closed(event.digest);
    } else if (event.kind === 'retry') {
      this.retryMillis = Math.min(Math.max(event.millis, RETRY_MILLIS.least), RETRY_MILLIS.most);
    } else if (event.kind === 'current' || stream.isCurrent) {
      this.listener.complete({ atMillis: this.timers.now(), by: 'following', steady: stream.isCurrent });
      stream.isCurrent = true;
    }
  }

  private takeList(list: unknown): void {
    const next = isObject(list) ? feedId(list.next) : undefined;
    if (!isObject(list) || !Array.isArray(list.items) || next === undefined) throw new Error('the feed is not a list');
    for (const item of list.items.filter(isObject)) if (isDigest(item.digest)) this.listener.closed(item.digest);
    this.lastId = next;
  }
}

async function wholeTextOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response as AsyncIterable<string>) {
    text += part;
    if (text.length > MOST_LIST_CHARACTERS) throw new Error('the feed is too long');
  }
  return text;
}
