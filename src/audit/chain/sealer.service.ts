import { Injectable } from '@nestjs/common';
import { EventLog } from '../../platform/log/event-log.js';
import { ChainRepository } from './chain.repository.js';
import { type ChainLink, nextLink } from './seal.value.js';

/** Small enough for one short statement. */
const BATCH = 500;

/** Seals events after they are written, so that logins do not wait for each other. */
@Injectable()
export class Sealer {
  constructor(
    private readonly chain: ChainRepository,
    private readonly events: EventLog,
  ) {}

  /**
   * Seals all committed events and logs the new end of the chain, so that whoever stores logs elsewhere can verify the table
   * against them. Any number of replicas may call this at once.
   * @param signal stops after the current batch
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

  /** @returns null if there is nothing to seal, or another replica has just sealed it */
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
