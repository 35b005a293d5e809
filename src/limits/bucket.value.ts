/** How many tries are allowed, and what happens after that. */
export interface Rule {
  quota: number;
  /** When the count is forgotten: so long after the first try, or, if there is a `delaySeconds`, after the last one. */
  windowSeconds: number;
  /**
   * When the quota is used up, a wait begins. After it one more try is allowed, and each further wait is twice as long, up to
   * `LONGEST_DELAY_SECONDS`. 0: nothing more is allowed until the window ends.
   */
  delaySeconds: number;
}

/** A counter: `key` says for whom, `rule` says how many. It is *shut* while its rule allows nothing more, otherwise *open*. */
export interface Bucket {
  key: Buffer;
  rule: Rule;
  /** The name under which the caller sees what is left. Without one it is not shown, because it also counts what others do. */
  name?: string;
  /** While it is shut it refuses nobody by itself: it lowers the quotas of the caller's other buckets to their `reducedQuota`. */
  tightensOthers?: boolean;
  /** Replaces `rule.quota` while a bucket that `tightensOthers` is shut. */
  reducedQuota?: number;
}

/** The state of a bucket after a try was counted, or refused. */
export interface Level {
  bucket: Bucket;
  /** The bucket was shut already, so the try was not counted. */
  refused: boolean;
  /** Counted in this process only, because the database could not. */
  inMemory: boolean;
  points: number;
  /** How long it stays shut. 0: it is open. */
  shutMillis: number;
  /** How long until the count is forgotten. */
  endsMillis: number;
}

export const HOUR_SECONDS = 3_600;
export const LONGEST_DELAY_SECONDS = 900;

/** Wrong passwords: five at once, then one more after 1, 2, 4, 8, 15, 15, … minutes. Decision 16 says what that adds up to. */
export const GUESSES: Rule = { quota: 5, windowSeconds: HOUR_SECONDS, delaySeconds: 60 };

/** Emails of one kind that strangers may cause to be sent to one email address. */
export const MAILS: Rule = { quota: 5, windowSeconds: HOUR_SECONDS, delaySeconds: 0 };

/** Requests of a logged-in user about their own account that are expensive, or that are stored for a long time. */
export const OWN: Readonly<Record<'export' | 'settings', Rule>> = {
  export: { quota: 10, windowSeconds: HOUR_SECONDS, delaySeconds: 0 },
  settings: { quota: 60, windowSeconds: HOUR_SECONDS, delaySeconds: 0 },
};

/** A network has the quota of this many IP addresses. */
export const ADDRESSES_OF_A_NETWORK = 4;

/** Wrong passwords that one IP address has left when the whole service has had too many; a network has four times that. */
export const REDUCED_QUOTA = 2;
