import { Injectable } from '@nestjs/common';
import { EventLog } from '../../platform/log/event-log.js';
import { ChainRepository } from './chain.repository.js';
import { type ChainLink, nextLink } from './seal.value.js';

/** Few enough for one short statement. */
const BATCH = 500;

/** Chains events by digest after they are written, so that no login waits for another one's. */
@Injectable()
export class Sealer {
  constructor(
    private readonly chain: ChainRepository,
    private readonly events: EventLog,
  ) {}

  /**
   * Seals all that is committed, and tells the new end of the chain: who keeps the log elsewhere can hold the table to it.
   * Any number of replicas may call it at once.
   * @param signal stops after the batch under way
   */
  async seal(signal?: AbortSignal): Promise<void> {
    let [head, count]: [ChainLink | null, number] = [null, 0];
    for (let more = true; more && !signal?.aborted;) {
      const sealed = await this.sealBatch();
      if (sealed) [head, count] = [sealed.head, count + sealed.count];
      more = sealed?.count === BATCH;
    }
    if (head) this.events.record('audit_sealed', { seq: head.seq, digest: head.digest.toString('hex'), count });
  }

  /** @returns null when there is nothing to seal, or another replica has just done it */
  private async sealBatch(): Promise<{ head: ChainLink; count: number } | null> {
    const found = await this.chain.findUnsealed(BATCH);
    if (!found) return null;
    let head = found.head;
    const sealed = found.contents.map((content) => {
      head = nextLink(head, content);
      return { id: content.id, digest: head.digest };
    });
    const count = await this.chain.seal(found.head, sealed);
    return count > 0 ? { head, count } : null;
  }
}
