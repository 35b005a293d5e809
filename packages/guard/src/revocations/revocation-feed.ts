import { type Companion, FeedFollower } from './feed-follower.js';
import type { FeedOptions, Timers } from './feed.options.js';
import { RevokedSessions } from './revoked-sessions.js';
import { systemTimers } from './timers.js';

/** How much is known of closed sessions. */
export interface FeedState {
  /**
   * `following`: each is heard of as it is closed; `polling`: every 2 seconds, since no stream is to be had; `away`: nothing is
   * heard, and it is tried again; `absent`: the issuer has no feed; `off`: nobody listens.
   */
  readonly status: 'following' | 'polling' | 'away' | 'absent' | 'off';
  /** For how many seconds the feed has not said that nothing is missing; absent when it never has. */
  readonly silentSeconds?: number;
  /** How many are known. */
  readonly revokedSessions: number;
}

/** What an issuer tells of closed sessions, kept in memory. A session is forgotten 16 minutes after it was heard of. */
export class RevocationFeed {
  private readonly revoked = new RevokedSessions();
  private readonly follower: FeedFollower | undefined;
  private readonly timers: Timers;
  private status: FeedState['status'] = 'off';
  /** Nothing is missing of what was closed before. */
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

  /** Whether all is known but for the last seconds. */
  get isComplete(): boolean {
    const { isOthersTask = false, strictAfterSeconds = 0 } = this.options;
    return this.follower ? this.silentSeconds < strictAfterSeconds : isOthersTask;
  }

  isRevoked(owner: { readonly sessionId: string }): boolean {
    return this.revoked.has(owner);
  }

  /** Begins to listen, if it does not yet. Resolves when the first was heard, or a second later. */
  async start(): Promise<void> {
    await this.follower?.start();
  }

  /** Ends it for good; what is known stays known. */
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

  /** A break that harms nobody is not worth a word. */
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
