import { Injectable } from '@nestjs/common';
import { showQuotas } from '../platform/request-context.js';
import { Buckets } from './buckets.service.js';
import { Counters } from './counting/counters.service.js';
import { shownLimits } from './shown-limits.value.js';

type Wish = 'registration' | 'verification' | 'recovery' | 'change';

/** Limits for what strangers may cause (accounts, emails) and for expensive requests of logged-in users. */
@Injectable()
export class Requests {
  constructor(
    private readonly counters: Counters,
    private readonly buckets: Buckets,
  ) {}

  /**
   * Counts a request that may cause an email.
   * @param wish what is requested. Each kind is counted separately, because some requests send no email and must not use up
   * the emails of the others
   * @param email the recipient, in the form that `parseEmailAddress` returns
   * @returns false if this email address has had too many emails recently: send none, and do not tell the caller
   * @throws TooManyRequests if the caller has made too many requests
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
   * Counts a notice about an account. The account may have been made with someone else's email address, and its maker can cause
   * notices at will, so an unconfirmed email address gets only so many. Do not call it in a transaction.
   * @returns false if the email address has had too many recently
   */
  async mayTell({ email, emailVerified }: { email: string; emailVerified: boolean }): Promise<boolean> {
    if (emailVerified) return true;
    const levels = await this.counters.take([this.buckets.mailsTo('notice', email)]);
    return levels.every(({ refused }) => !refused);
  }

  /**
   * Counts an expensive request of a logged-in user about their own account, whether it succeeds or not. Do not call it in a
   * transaction.
   * @throws TooManyRequests
   */
  async requireFew(kind: 'export' | 'settings', userId: string): Promise<void> {
    showQuotas(shownLimits(await this.counters.count([this.buckets.own(kind, userId)])));
  }
}
