import { Injectable } from '@nestjs/common';
import { ChainRepository } from './chain.repository.js';
import { ChainCheck } from './chain-check.value.js';
import type { ChainLink } from './seal.value.js';

const PAGE = 5_000;

/** What a look at the whole audit log has found: nothing, if it is as it was written. */
export interface Verification {
  findings: readonly string[];
  /** Sealed events that were looked at. */
  count: number;
  /** Events that have no seal yet. */
  unsealed: number;
  head: ChainLink;
}

/** Reads the whole chain and computes it anew. */
@Injectable()
export class ChainVerifier {
  constructor(private readonly chain: ChainRepository) {}

  /** @param witness a link that was noted elsewhere, which whoever rewrites the table cannot change */
  verify(witness: ChainLink | null): Promise<Verification> {
    return this.chain.asOneMoment(async () => {
      const { anchor, head, unsealed } = await this.chain.getChain();
      const check = new ChainCheck(anchor, witness);
      for (let after: number | undefined = anchor.seq; after !== undefined;) {
        const page = await this.chain.findSealed(after, PAGE);
        page.forEach((event) => check.take(event));
        after = page.at(-1)?.seq;
      }
      check.end(head);
      return { findings: check.findings, count: check.count, unsealed, head };
    });
  }
}
