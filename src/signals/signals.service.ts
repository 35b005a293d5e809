import { Injectable } from '@nestjs/common';
import { EventTokensService } from '../keys/event-tokens.service.js';
import { Config } from '../platform/config/config.js';
import { EventLog } from '../platform/log/event-log.js';
import { afterWaiting } from '../platform/request-context.js';
import { accountChanged } from './events/account-changed.service.js';
import { Receivers } from './receivers/receivers.service.js';
import { sessionRevoked } from './events/session-revoked.service.js';
import { type ReadSignal, SignalsRepository } from './signals.repository.js';
import { WaitingPolls } from './waiting-polls.service.js';

/** Maximum number of signals in a response, so that their acknowledgements fit into one body. */
const AT_ONCE = 100;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** An error code from a receiver that is safe to log; registered codes look like this (RFC 8935 section 7.1). */
const ERROR_WORD = /^[a-z_]{1,64}$/;

/** A poll request (RFC 8936 section 2.2). */
export interface Poll {
  /** The `jti` of each signal that was received. */
  acknowledged: readonly string[];
  /** Signals that the receiver could not use, by `jti`. */
  errors: Readonly<Record<string, { err?: string }>>;
  /** Maximum number of signals to return. */
  limit: number;
  /** Whether to wait if there are no signals. */
  wait: boolean;
}

/** The response (RFC 8936 section 2.3): signed tokens by `jti`. */
export interface Delivery {
  sets: Record<string, string>;
  moreAvailable: boolean;
}

/** Tells receivers of closed sessions and of accounts, each event again and again until it is acknowledged. */
@Injectable()
export class SignalsService {
  constructor(
    private readonly signals: SignalsRepository,
    private readonly receivers: Receivers,
    private readonly waiting: WaitingPolls,
    private readonly tokens: EventTokensService,
    private readonly events: EventLog,
    private readonly config: Config,
  ) {}

  /**
   * @param givenUp ends the waiting
   * @throws TooManyPolls; acknowledgements are stored nevertheless
   */
  async poll(receiverId: string, poll: Poll, givenUp: AbortSignal): Promise<Delivery> {
    await this.settle(receiverId, poll);
    const limit = Math.min(poll.limit, AT_ONCE);
    if (!poll.wait || limit === 0) return this.deliver(receiverId, limit);
    const wait = this.waiting.begin(receiverId, givenUp);
    try {
      const delivery = await this.deliver(receiverId, limit);
      if (Object.keys(delivery.sets).length > 0 || !(await wait.over)) return delivery;
      return await afterWaiting(() => this.deliver(receiverId, limit));
    } finally {
      wait.end();
    }
  }

  /**
   * Deletes acknowledged signals, and also those that the receiver could not use, because a further delivery would not help;
   * these are logged for operators.
   */
  private async settle(receiverId: string, { acknowledged, errors }: Poll): Promise<void> {
    const ours = [...acknowledged, ...Object.keys(errors)].filter((jti) => UUID.test(jti));
    if (ours.length === 0) return;
    for (const jti of await this.signals.delete(receiverId, ours)) {
      const error = errors[jti];
      if (error) this.events.warn('signal_refused', { receiverId, jti, error: wordFor(error) });
    }
  }

  /** Signed again for each delivery, because the previous signing key may have been retired. */
  private async deliver(receiverId: string, limit: number): Promise<Delivery> {
    const accounts = this.receivers.getsAccountEvents(receiverId);
    const found = await this.signals.find(receiverId, limit + 1, { accounts });
    const sets = found.slice(0, limit).map((signal): [string, string] => [signal.jti, this.sign(signal, receiverId)]);
    return { sets: Object.fromEntries(sets), moreAvailable: found.length > limit };
  }

  private sign(signal: ReadSignal, receiverId: string): string {
    const { issuerUrl } = this.config;
    if (signal.type === null) return this.tokens.sign(sessionRevoked(signal, issuerUrl, receiverId));
    return this.tokens.sign(accountChanged(signal, issuerUrl, receiverId));
  }
}

function wordFor({ err }: { err?: string }): string {
  return err !== undefined && ERROR_WORD.test(err) ? err : 'other';
}
