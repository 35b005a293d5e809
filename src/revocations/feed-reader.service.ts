import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RevokedSessions } from '@auth-service/guard';
import { Notifications } from '../platform/database/notifications.js';
import { EventLog } from '../platform/log/event-log.js';
import { RevocationLog } from './log/revocation-log.value.js';
import { RevocationsRepository } from './revocations.repository.js';

/** The channel on which the trigger sends the id of each new row. */
const CHANNEL = 'revocations';
/** How long it takes to find a row whose notification was lost. */
const POLL_MILLIS = 500;
const BATCH = 5_000;
/** If the last read is older than this, the feed is not fresh. */
const FRESH_MILLIS = 5_000;

/**
 * Keeps the log and the set of revoked sessions of this replica in step with the database. Notifications trigger a read, and
 * polling finds rows whose notification was lost. All followers share these reads, which run one at a time.
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

  /** Delays the start until the revoked sessions are known. */
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

  /** True if the database was read within the last few seconds. */
  get isFresh(): boolean {
    return performance.now() - this.readMillis < FRESH_MILLIS;
  }

  /** @param tell called after each read, even if there is nothing new. @returns a function that stops following */
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
        // The next poll tries again. The loss is logged once, not for each attempt.
        if (!this.failing) this.events.warn('revocations_not_read', {});
        this.failing = true;
        this.withOverlap = true;
      }
    }
  }

  private async read(): Promise<void> {
    const begunMillis = performance.now();
    let afterId = this.withOverlap ? this.log.settledId : this.log.newestId;
    // Must be determined here: an id that was heard during the last read may have been committed after that read's snapshot.
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
