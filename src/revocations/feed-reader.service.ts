import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RevokedSessions } from '@auth-service/guard';
import { Notifications } from '../platform/database/notifications.js';
import { EventLog } from '../platform/log/event-log.js';
import { RevocationLog } from './revocation-log.value.js';
import { RevocationsRepository } from './revocations.repository.js';

/** Where the trigger tells the id of a new row. */
const CHANNEL = 'revocations';
/** What no notification tells is known after this. */
const POLL_MILLIS = 500;
const BATCH = 5_000;
/** Older news than this are no longer called new. */
const FRESH_MILLIS = 5_000;

/**
 * Keeps this replica's log, and its set of revoked sessions, as the database has them. A notification wakes it, and polling
 * finds what was not notified; one read at a time serves all who follow.
 */
@Injectable()
export class FeedReader implements OnModuleInit, OnModuleDestroy {
  readonly log = new RevocationLog();
  private readonly followers = new Set<() => void>();
  private heardIds: number[] = [];
  private withOverlap = true;
  private wanted = false;
  private reading: Promise<void> | null = null;
  private readMillis = -Infinity;
  private failing = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly revocations: RevocationsRepository,
    private readonly revoked: RevokedSessions,
    private readonly notifications: Notifications,
    private readonly events: EventLog,
  ) {}

  /** The replica serves nobody before it knows which sessions are revoked. */
  async onModuleInit(): Promise<void> {
    this.notifications.listen(CHANNEL, (id) => this.hear(Number(id)));
    this.notifications.onReconnect(() => this.lookAgain());
    await this.read();
    this.timer = setInterval(() => this.lookAgain(), POLL_MILLIS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.wanted = false;
    await this.reading;
  }

  /** What is known here is what the database held a moment ago. */
  get isFresh(): boolean {
    return performance.now() - this.readMillis < FRESH_MILLIS;
  }

  /** @param tell called after each read, whether it brought something new or not. @returns what ends it */
  follow(tell: () => void): () => void {
    this.followers.add(tell);
    return () => this.followers.delete(tell);
  }

  private hear(id: number): void {
    if (this.log.has(id)) return;
    this.heardIds.push(id);
    this.wake();
  }

  private lookAgain(): void {
    this.withOverlap = true;
    this.wake();
  }

  private wake(): void {
    this.wanted = true;
    this.reading ??= this.readWhileWanted().finally(() => (this.reading = null));
  }

  private async readWhileWanted(): Promise<void> {
    while (this.wanted) {
      this.wanted = false;
      try {
        await this.read();
        if (this.failing) this.events.record('revocations_read_again', {});
        this.failing = false;
      } catch {
        // The next look, soon, makes up for it. Said once for each time, not for each look.
        if (!this.failing) this.events.warn('revocations_not_read', {});
        this.failing = true;
        this.withOverlap = true;
      }
    }
  }

  private async read(): Promise<void> {
    const begunMillis = performance.now();
    let afterId = this.withOverlap ? this.log.settledId : this.log.newestId;
    // Known only now: what was heard during the last read may have been committed later than what that found.
    let lateIds = this.heardIds.filter((id) => id <= afterId && !this.log.has(id));
    this.withOverlap = false;
    this.heardIds = [];
    for (let found = BATCH; found === BATCH; lateIds = []) {
      const nowMillis = performance.now();
      const rows = await this.revocations.find(afterId, lateIds, BATCH);
      for (const { id, digest, ageSeconds } of rows) this.add(id, digest, Math.round(nowMillis - ageSeconds * 1000));
      found = rows.length;
      afterId = rows.at(-1)?.id ?? afterId;
    }
    this.readMillis = begunMillis;
    this.log.tidy(begunMillis);
    this.revoked.forget(begunMillis);
    this.followers.forEach((tell) => tell());
  }

  private add(id: number, digest: string, closedMillis: number): void {
    if (this.log.has(id)) return;
    this.log.add({ id, digest, closedMillis });
    this.revoked.add(digest, closedMillis);
  }
}
