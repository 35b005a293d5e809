import { Injectable } from '@nestjs/common';
import { showQuotas } from '../platform/request-context.js';
import { Buckets } from './buckets.service.js';
import { Counters } from './counting/counters.service.js';
import { shownLimits } from './shown-limits.value.js';

type Wish = 'registration' | 'verification' | 'recovery' | 'change';

/** What may be caused so and so often: accounts and mails, by strangers; and what costs much, by who is signed in. */
@Injectable()
export class Requests {
  constructor(
    private readonly counters: Counters,
    private readonly buckets: Buckets,
  ) {}

  /**
   * Counts a request that may lead to a mail.
   * @param wish what is asked for: of each to one address so many, for of some no mail goes out, and they must not use up the others
   * @param email where that would go, as `parseEmailAddress` gives it
   * @returns false when the address has had enough mails of late: then none goes out, and nobody is told
   * @throws TooManyRequests when it is the caller who asks too often
   */
  async mayMail(wish: Wish, email: string): Promise<boolean> {
    const kind = wish === 'registration' ? wish : 'mail';
    const [own, recipient] = [this.buckets.requests(kind), this.buckets.mailsTo(wish, email)];
    this.counters.requireOpen(own);
    const levels = await this.counters.take([...own, recipient]);
    const refused = levels.filter((level) => level.refused);
    const callers = refused.filter(({ bucket }) => bucket !== recipient);
    if (callers.length > 0) {
      this.counters.giveBack(levels);
      throw this.counters.refusal(
        own,
        callers.map(({ shutMillis: millis }) => ({ millis })),
      );
    }
    showQuotas(shownLimits(levels));
    return refused.length === 0;
  }

  /**
   * Counts a notice about an account. Whoever made it may have named somebody else's address, and can cause notices at will: an address
   * that nobody has confirmed gets so many. Not to be asked within a transaction.
   * @returns false when it has had enough of late
   */
  async mayTell({ email, emailVerified }: { email: string; emailVerified: boolean }): Promise<boolean> {
    if (emailVerified) return true;
    const levels = await this.counters.take([this.buckets.mailsTo('notice', email)]);
    return levels.every(({ refused }) => !refused);
  }

  /**
   * Counts what somebody who is signed in asks of their own account, whatever comes of it. Not to be asked within a transaction.
   * @throws TooManyRequests
   */
  async requireFew(kind: 'export' | 'settings', userId: string): Promise<void> {
    showQuotas(shownLimits(await this.counters.count([this.buckets.own(kind, userId)])));
  }
}
