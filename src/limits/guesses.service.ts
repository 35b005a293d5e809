import { Injectable } from '@nestjs/common';
import { showQuotas } from '../platform/request-context.js';
import type { Bucket, Level } from './bucket.value.js';
import { Buckets } from './buckets.service.js';
import { Counters } from './counting/counters.service.js';
import { Turns } from './counting/turns.service.js';
import { shownLimits } from './shown-limits.value.js';

/** What came of a guess. */
export interface Verdict {
  right: boolean;
  /** With this wrong guess a wait has begun, for whoever made it or for the whole account. */
  waitBegins: boolean;
}

/** Passwords: each is counted before anything is hashed, and given back when it is right. */
@Injectable()
export class Guesses {
  constructor(
    private readonly turns: Turns,
    private readonly counters: Counters,
    private readonly buckets: Buckets,
  ) {}

  /**
   * Refuses at no cost who is known to be shut out, and not for guesses that are being looked at. Not to be asked for a caller who may turn out to have a known device.
   * @param email as `parseEmailAddress` gives it, whether it has an account or not
   * @throws TooManyRequests
   */
  requireOpen(email: string): void {
    this.turns.requireHope(this.buckets.strangersLogin(email));
  }

  /**
   * @param email as `parseEmailAddress` gives it, whether it has an account or not
   * @param knownDevice the id of a device that has logged in to this very account before: the failures of others, of its address,
   * of its network and of the service at large then do not count against it
   * @param verify looks whether the password is right; not called when the guess is refused, and what it throws is no guess
   * @throws TooManyRequests
   */
  login(email: string, knownDevice: string | null, verify: () => Promise<boolean>): Promise<Verdict> {
    const buckets =
      knownDevice === null ? this.buckets.strangersLogin(email) : this.buckets.knownDevicesLogin(email, knownDevice);
    return this.judge(buckets, verify);
  }

  /** The password of somebody who is signed in. @throws TooManyRequests */
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
