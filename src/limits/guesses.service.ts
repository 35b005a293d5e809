import { Injectable } from '@nestjs/common';
import { showQuotas } from '../platform/request-context.js';
import type { Bucket, Level } from './bucket.value.js';
import { Buckets } from './buckets.service.js';
import { Counters } from './counting/counters.service.js';
import { Turns } from './counting/turns.service.js';
import { shownLimits } from './shown-limits.value.js';

/** The result of a guess. */
export interface Verdict {
  right: boolean;
  /** This wrong guess started a wait, for the caller or for the whole account. */
  waitBegins: boolean;
}

/** Limits for passwords. Each guess is counted before it is hashed, and taken off the count again if it was right. */
@Injectable()
export class Guesses {
  constructor(
    private readonly turns: Turns,
    private readonly counters: Counters,
    private readonly buckets: Buckets,
  ) {}

  /**
   * Cheaply refuses a caller known to be locked out, unless guesses still being verified may lift that. Do not call it for a
   * caller who may have a known device: that one has other limits.
   * @param email in the form that `parseEmailAddress` returns, with or without an account
   * @throws TooManyRequests
   */
  requireOpen(email: string): void {
    this.turns.requireOpenOrReopening(this.buckets.strangersLogin(email));
  }

  /**
   * @param email in the form that `parseEmailAddress` returns, with or without an account
   * @param knownDevice the id of a device that has logged in to this account before: failures of others, of its IP address,
   * of its network and of the whole service then do not count against it
   * @param verify checks the password. Not called when the guess is refused. If it throws, the guess does not count
   * @throws TooManyRequests
   */
  login(email: string, knownDevice: string | null, verify: () => Promise<boolean>): Promise<Verdict> {
    const buckets =
      knownDevice === null ? this.buckets.strangersLogin(email) : this.buckets.knownDevicesLogin(email, knownDevice);
    return this.judge(buckets, verify);
  }

  /** The password of a logged-in user. @throws TooManyRequests */
  proof(userId: string, verify: () => Promise<boolean>): Promise<Verdict> {
    return this.judge(this.buckets.proof(userId), verify);
  }

  private judge(buckets: readonly [Bucket, ...Bucket[]], verify: () => Promise<boolean>): Promise<Verdict> {
    return this.turns.take(buckets, async (levels) => {
      showQuotas(shownLimits(levels));
      const right = await verify().catch((error: unknown) => {
        this.counters.giveBack(levels);
        throw error;
      });
      if (!right) return { right, waitBegins: levels.some(begins) };
      const [own] = buckets;
      this.counters.giveBack(levels, own);
      showQuotas(shownLimits(levels.map((level) => lowered(level, level.bucket === own))));
      return { right, waitBegins: false };
    });
  }
}

function begins({ bucket, shutMillis }: Level): boolean {
  return bucket.rule.delaySeconds > 0 && shutMillis > 0;
}

function lowered(level: Level, emptied: boolean): Level {
  return { ...level, points: emptied ? 0 : level.points - 1, shutMillis: 0 };
}
