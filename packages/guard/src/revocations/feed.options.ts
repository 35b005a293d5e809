/** What a feed needs. */
export interface FeedOptions {
  /** None: it is off. */
  source?: FeedSource | undefined;
  /** Whether somebody else knows them all when it is off. */
  isOthersTask?: boolean;
  /** For how long nothing is missing once the feed has said so. */
  strictAfterSeconds?: number;
  /** Told why nothing is heard any more, once until something is. */
  onTrouble?: (error: unknown) => void;
  timers?: Timers;
}

/** Where an issuer tells of closed sessions. */
export interface FeedSource {
  /** Undefined when it does not. */
  findRevocations(signal: AbortSignal): Promise<URL | undefined>;
}

/** Time as the feed sees it, and chance. */
export interface Timers {
  /** Milliseconds by a clock that never jumps. */
  now(): number;
  /** Acts once, later. Unless it is awaited, it does not keep the process alive. @returns what calls it off */
  after(millis: number, act: () => void, isAwaited?: boolean): () => void;
  /** From 0 up to, but not 1. */
  random(): number;
}
