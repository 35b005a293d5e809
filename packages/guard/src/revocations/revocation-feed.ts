import { type Companion, FeedFollower } from './feed-follower.js';
import type { FeedOptions, Timers } from './feed.options.js';
import { RevokedSessions } from './revoked-sessions.js';
import { systemTimers } from './timers.js';

/** How well the closed sessions are known. */
export interface FeedState {
  /**
   * `following`: closed sessions arrive at once. `polling`: every 2 seconds, if streaming fails. `away`: the issuer cannot be
   * reached. `absent`: it has no feed. `off`: not listening.
   */
  readonly status: 'following' | 'polling' | 'away' | 'absent' | 'off';
  /** Seconds since nothing was missing; absent before that. */
  readonly silentSeconds?: number;
  /** The number of closed sessions in memory. */
  readonly revokedSessions: number;
}

/** The sessions that an issuer closed in the last 16 minutes. */
export class RevocationFeed {
  private readonly revoked = new RevokedSessions();
  private readonly follower: FeedFollower | undefined;
  private readonly timers: Timers;
  private status: FeedState['status'] = 'off';
  /** Every session closed before this time is known. */
  private completeMillis = -Infinity;
  private isTroubleTold = false;

  constructor(private readonly options: FeedOptions) {
    this.timers = options.timers ?? systemTimers;
    if (!options.source) return;
    this.status = 'away';
    this.follower = new FeedFollower(options.source, this.companion(), this.timers);
  }

  get state(): FeedState {
    const { status, silentSeconds } = this;
    return { status, ...(Number.isFinite(silentSeconds) && { silentSeconds }), revokedSessions: this.revoked.size };
  }

  /** Whether all closed sessions are known, apart from the last seconds. */
  get isComplete(): boolean {
    const { isOthersTask = false, strictAfterSeconds = 0 } = this.options;
    return this.follower ? this.silentSeconds < strictAfterSeconds : isOthersTask;
  }

  isRevoked(owner: { readonly sessionId: string }): boolean {
    return this.revoked.has(owner);
  }

  /** Starts to listen, if it has not yet. Resolves at the first news, or after one second. */
  async start(): Promise<void> {
    await this.follower?.start();
  }

  /** Stops listening for good. The known sessions are kept. */
  async close(): Promise<void> {
    await this.follower?.close();
    this.status = 'off';
  }

  private get silentSeconds(): number {
    return (this.timers.now() - this.completeMillis) / 1000;
  }

  private companion(): Companion {
    return {
      closed: (digest) => this.revoked.add(digest, this.timers.now()),
      complete: ({ atMillis, by }) => {
        this.completeMillis = atMillis;
        this.status = by;
        this.isTroubleTold = false;
        this.revoked.forget(this.timers.now());
      },
      absent: () => void (this.status = 'absent'),
      away: (error) => {
        this.status = 'away';
        this.tellTrouble(error);
      },
    };
  }

  /** Does not report a short break that leaves nothing unknown. */
  private tellTrouble(error: unknown): void {
    if (this.isTroubleTold || this.isComplete) return;
    this.isTroubleTold = true;
    try {
      this.options.onTrouble?.(error);
    } catch {
      // What the app does with it must not end the feed.
    }
  }
}
