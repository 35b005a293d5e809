import { Readable } from 'node:stream';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '../platform/instruments/metrics.js';
import { Config } from '../platform/config/config.js';
import { FeedReader } from './feed-reader.service.js';
import { FeedStream } from './feed-stream.service.js';
import { Places } from './places.value.js';
import { FeedBehind, FeedFull, TooManyStreams } from './revocations.errors.js';

const BEAT_MILLIS = 10_000;
/** Entries of a list that are serialized at once. */
const AT_ONCE = 500;

/** Serves the feed of sessions that were closed while their access tokens were still valid. */
@Injectable()
export class RevocationsService implements OnModuleInit, OnModuleDestroy {
  private readonly streams = new Set<FeedStream>();
  /** Counted separately, so that a client that is refused a stream can poll. */
  private readonly places: Readonly<Record<'stream' | 'list', Places>>;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly reader: FeedReader,
    { revocationStreams, revocationStreamsPerAddress }: Config,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'auth_feed_listeners',
      'Clients following the revocation feed at this replica.',
      () => this.streams.size,
    );
    metrics.gauge('auth_feed_fresh', 'Whether the feed knows the latest revocations: 1 if it does, otherwise 0.', () =>
      reader.isFresh ? 1 : 0,
    );
    const places = (): Places => new Places(revocationStreams, revocationStreamsPerAddress);
    this.places = { stream: places(), list: places() };
  }

  onModuleInit(): void {
    this.reader.follow(() => this.streams.forEach((stream) => stream.advance()));
    this.timer = setInterval(() => this.streams.forEach((stream) => stream.beat()), BEAT_MILLIS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.streams.forEach((stream) => stream.finish());
  }

  /**
   * @param addresses the caller's group of addresses, see `addressGroup`
   * @returns a function that frees the place
   * @throws FeedFull, TooManyStreams
   */
  takePlace(kind: 'stream' | 'list', addresses: string): () => void {
    const places = this.places[kind];
    if (places.areFullFor(addresses)) throw new TooManyStreams();
    if (places.areFull) throw new FeedFull();
    return places.take(addresses);
  }

  /** @param lastId the last entry that the client has received; null: none */
  follow(lastId: number | null): FeedStream {
    const stream = new FeedStream(this.reader, this.reader.log.positionAfter(lastId));
    this.streams.add(stream);
    return stream.once('close', () => this.streams.delete(stream));
  }

  /** @returns a JSON object as text, generated while it is read */
  list(lastId: number | null): Readable {
    if (!this.reader.isFresh) throw new FeedBehind();
    return Readable.from(this.listText(lastId));
  }

  private *listText(lastId: number | null): Generator<string> {
    const { log } = this.reader;
    const { end } = log;
    let next = lastId ?? 0;
    let separator = '{"items":[';
    for (let position = log.positionAfter(lastId); position < end;) {
      const read = log.read(position, Math.min(AT_ONCE, end - position));
      position = read.next;
      const items = read.entries.map(({ id, digest }) => JSON.stringify({ id, digest }));
      next = read.entries.at(-1)?.id ?? next;
      if (items.length > 0) yield separator + items.join(',');
      if (items.length > 0) separator = ',';
    }
    yield `${separator === ',' ? '' : separator}],"next":${next}}`;
  }
}
