import { Injectable } from '@nestjs/common';
import { ChainRepository } from './chain.repository.js';
import { ChainCheck } from './chain-check.value.js';
import type { ChainLink } from './seal.value.js';

const PAGE = 5_000;

/** The result of verifying the whole audit log. No findings: it has not been altered. */
export interface Verification {
  findings: readonly string[];
  /** The number of sealed events checked. */
  count: number;
  /** The number of events that are not sealed yet. */
  unsealed: number;
  head: ChainLink;
}

/** Reads the whole chain and computes it again. */
@Injectable()
export class ChainVerifier {
  constructor(private readonly chain: ChainRepository) {}

  /** @param witness a link that was stored outside the database, out of reach of someone who can rewrite the table */
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
