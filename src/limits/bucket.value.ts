/** How many are let in, and what comes then. */
export interface Rule {
  quota: number;
  /** A count is forgotten after this: the first of a row, or with a `delaySeconds` the last. */
  windowSeconds: number;
  /**
   * With the last of the quota a wait begins, after which one more is let in, and every further wait is twice as long, up to
   * `LONGEST_DELAY_SECONDS`. 0: nothing more is let in until the window ends.
   */
  delaySeconds: number;
}

/** Something that is counted: by what rule, and for whom. */
export interface Bucket {
  key: Buffer;
  rule: Rule;
  /** As the caller is shown what is left. Without one it is not shown: it counts what others do, too. */
  name?: string;
  /** While it is shut it keeps out only those of whom another of their buckets holds more than its `few`. */
  yields?: boolean;
  /** Of how many it says nothing bad yet. */
  few?: number;
}

/** What a bucket holds once it was asked. */
export interface Level {
  bucket: Bucket;
  /** Nothing was counted: it is shut. */
  refused: boolean;
  /** Counted in this process alone. */
  inMemory: boolean;
  points: number;
  /** 0: open. */
  shutMillis: number;
  /** Until it is forgotten. */
  endsMillis: number;
}

export const HOUR_SECONDS = 3_600;
export const LONGEST_DELAY_SECONDS = 900;

/** Wrong passwords: five at once, then after 1, 2, 4, 8, 15, 15, … minutes one more. See decision 16 for what that adds up to. */
export const GUESSES: Rule = { quota: 5, windowSeconds: HOUR_SECONDS, delaySeconds: 60 };

/** Mails of one kind that strangers may cause to one address. */
export const MAILS: Rule = { quota: 5, windowSeconds: HOUR_SECONDS, delaySeconds: 0 };

/** What somebody who is signed in may do to their own account: each costs all others something, or is kept for long. */
export const OWN: Readonly<Record<'export' | 'settings', Rule>> = {
  export: { quota: 10, windowSeconds: HOUR_SECONDS, delaySeconds: 0 },
  settings: { quota: 60, windowSeconds: HOUR_SECONDS, delaySeconds: 0 },
};

/** Of a network as many are let in as of this many addresses. */
export const ADDRESSES_OF_A_NETWORK = 4;

/** Wrong passwords that an address may have when the whole service has had too many, and a network four times that. */
export const FEW = 2;
