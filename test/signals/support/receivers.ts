import { createHash, randomBytes } from 'node:crypto';
import { type Answer, Client } from '../../support/http/client.js';
import { claimsOf, type Tokens } from '../../support/people/people.js';
import { contentOf } from '../../support/sessions/sessions-seen.js';
import type { TestService } from '../../support/service/service.js';

const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';

/** Somebody else's software that fetches signals. */
export class Receiver {
  readonly token = randomBytes(32).toString('hex');

  constructor(readonly id: string) {}

  /** Its part of `SSF_RECEIVERS`. */
  get setting(): string {
    return `${this.id}:${createHash('sha256').update(this.token).digest('hex')}`;
  }

  /** At once, unless the body says otherwise. */
  poll({ url }: Pick<TestService, 'url'>, body: object = {}): Promise<Answer> {
    return new Client(url).post('/ssf/poll', { returnImmediately: true, ...body }, { bearer: this.token });
  }

  async fetch(service: Pick<TestService, 'url'>, body: object = {}): Promise<Delivery> {
    const answer = await this.poll(service, body);
    if (answer.status !== 200) throw new Error(`the poll answered ${answer.status} ${answer.text}`);
    return new Delivery(answer);
  }

  /** Fetches and acknowledges until there is nothing more. */
  async drain(service: Pick<TestService, 'url'>): Promise<void> {
    for (let ack: string[] | undefined; ack?.length !== 0;) {
      ack = (await this.fetch(service, ack && { ack })).jtis;
    }
  }
}

/** What a poll brought. */
export class Delivery {
  readonly sets: Record<string, string>;
  readonly moreAvailable: boolean;

  constructor({ body }: Answer) {
    this.sets = body.sets as Record<string, string>;
    this.moreAvailable = body.moreAvailable as boolean;
  }

  get jtis(): string[] {
    return Object.keys(this.sets);
  }

  /** The sessions that are told of, in order. */
  get sessionIds(): string[] {
    return Object.values(this.sets).map((set) => (claimsOf(set).sub_id as { session: { id: string } }).session.id);
  }

  /** What is told of accounts, in order: the last word of the type of each event, and whom it is about. */
  get accountEvents(): [type: string, userId: string][] {
    return Object.values(this.sets).flatMap((set) => {
      const { sub_id: subject, events } = claimsOf(set) as { sub_id: { sub: string }; events: object };
      return Object.keys(events)
        .filter((type) => type.startsWith(RISC))
        .map((type): [string, string] => [type.slice(RISC.length), subject.sub]);
    });
  }

  jtiOf(tokens: Pick<Tokens, 'refreshToken'>): string | undefined {
    return this.jtis[this.sessionIds.indexOf(contentOf(tokens.refreshToken).sessionId)];
  }
}
