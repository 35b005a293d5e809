import { type ChainLink, linkText, nextLink, type SealedContent } from './seal.value.js';

/** Verifies the chain from its anchor, and describes in plain words where it has been altered. */
export class ChainCheck {
  readonly findings: string[] = [];
  private last: ChainLink;
  /** The number of events checked. */
  count = 0;

  /** @param witness a link that was stored outside the database; the chain must contain it */
  constructor(
    private readonly anchor: ChainLink,
    private readonly witness: ChainLink | null,
  ) {
    this.last = anchor;
    if (witness) this.hold(anchor, witness);
    if (witness && witness.seq < anchor.seq) {
      this.findings.push(`Cannot compare with ${linkText(witness)}: it is older than the oldest event that is kept.`);
    }
  }

  /** Checks the next event, in the order of `seq`. */
  take(event: SealedContent & ChainLink): void {
    this.count += 1;
    const { seq, digest, id } = event;
    if (seq !== this.last.seq + 1) this.missing(this.last.seq + 1, seq - 1);
    else if (!nextLink(this.last, event).digest.equals(digest)) {
      this.findings.push(`Event ${seq} (${id}) has been altered, or does not follow the previous event.`);
    }
    if (this.witness) this.hold({ seq, digest }, this.witness);
    this.last = { seq, digest };
  }

  /** @param head the last link according to `audit_chain` */
  end(head: ChainLink): void {
    if (this.last.seq < head.seq) this.missing(this.last.seq + 1, head.seq);
    if (this.last.seq > head.seq) this.findings.push(`The events after ${head.seq} have been added without a seal.`);
    if (this.last.seq === head.seq && !this.last.digest.equals(head.digest)) {
      this.findings.push(`The chain does not end at event ${head.seq}, where it was last sealed.`);
    }
    if (this.witness && this.witness.seq > Math.max(this.last.seq, this.anchor.seq)) {
      this.findings.push(`The chain ends before ${linkText(this.witness)}.`);
    }
  }

  private hold(link: ChainLink, witness: ChainLink): void {
    if (link.seq !== witness.seq || link.digest.equals(witness.digest)) return;
    this.findings.push(
      `Event ${link.seq} does not match ${linkText(witness)}: this event or an earlier one has been altered.`,
    );
  }

  private missing(from: number, to: number): void {
    this.findings.push(from === to ? `Event ${from} is missing.` : `Events ${from} to ${to} are missing.`);
  }
}
