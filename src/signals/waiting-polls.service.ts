import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Notifications } from '../platform/database/notifications.js';
import { Receivers } from './receivers/receivers.service.js';
import { TooManyPolls } from './signals.errors.js';
import { SignalsRepository } from './signals.repository.js';

/** Where the triggers on `sessions` and `users` tell of what they keep. */
const CHANNELS = ['revocations', 'account_signals'];
/** What no notification tells is known after this. */
const LOOK_EVERY_MILLIS = 1_000;
/** Less than the 30 s after which silent connections are closed, by this service and common proxies. */
const LONGEST_MILLIS = 20_000;
/** Maximum number of waiting polls per receiver and replica. A well-behaved receiver needs only one. */
const PER_RECEIVER = 10;

/** A waiting poll. */
export interface Wait {
  /** True if there is a signal; false if the waiting has ended without one. */
  readonly over: Promise<boolean>;
  /** Must always be called. */
  end(): void;
}

/** Long polls (RFC 6202 section 2). One query serves all polls that wait at this replica. */
@Injectable()
export class WaitingPolls implements OnModuleInit, OnModuleDestroy {
  private readonly waiting = new Map<string, Set<(found: boolean) => void>>();
  private wanted = false;
  private looking: Promise<void> | null = null;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly signals: SignalsRepository,
    private readonly receivers: Receivers,
    private readonly notifications: Notifications,
  ) {}

  onModuleInit(): void {
    const look = (): void => this.look();
    for (const channel of CHANNELS) this.notifications.listen(channel, look);
    this.notifications.onReconnect(look);
    this.timer = setInterval(look, LOOK_EVERY_MILLIS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    for (const receiverId of this.waiting.keys()) this.tell(receiverId, false);
    await this.looking;
  }

  /** The number of polls of a receiver that wait at this replica. */
  countFor(receiverId: string): number {
    return this.waiting.get(receiverId)?.size ?? 0;
  }

  /**
   * Call it before the first query for signals, so that a signal which arrives after that query ends the waiting.
   * @param givenUp ends the waiting if the caller disconnects or the service shuts down
   * @throws TooManyPolls
   */
  begin(receiverId: string, givenUp: AbortSignal): Wait {
    if (this.countFor(receiverId) >= PER_RECEIVER) throw new TooManyPolls();
    const waiting = this.waiting.get(receiverId) ?? new Set();
    this.waiting.set(receiverId, waiting);
    let settle!: (found: boolean) => void;
    const over = new Promise<boolean>((resolve) => (settle = resolve));
    waiting.add(settle);
    const giveUp = (): void => settle(false);
    const timer = setTimeout(giveUp, LONGEST_MILLIS);
    givenUp.addEventListener('abort', giveUp, { once: true });
    if (givenUp.aborted || this.stopped) giveUp();
    const end = (): void => {
      clearTimeout(timer);
      givenUp.removeEventListener('abort', giveUp);
      waiting.delete(settle);
      if (waiting.size === 0) this.waiting.delete(receiverId);
    };
    return { over, end };
  }

  private look(): void {
    this.wanted = true;
    this.looking ??= this.lookWhileWanted().finally(() => (this.looking = null));
  }

  private async lookWhileWanted(): Promise<void> {
    while (this.wanted && !this.stopped && this.waiting.size > 0) {
      this.wanted = false;
      // A look that fails is made up for by the next one.
      const found = await this.find([...this.waiting.keys()]).catch(() => []);
      for (const receiverId of found) this.tell(receiverId, true);
    }
  }

  private find(receiverIds: readonly string[]): Promise<string[]> {
    const accountReceiverIds = receiverIds.filter((id) => this.receivers.getsAccountEvents(id));
    return this.signals.findReceivers(receiverIds, accountReceiverIds);
  }

  private tell(receiverId: string, found: boolean): void {
    this.waiting.get(receiverId)?.forEach((settle) => settle(found));
  }
}
