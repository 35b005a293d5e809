import { createHash } from 'node:crypto';

const FIRST_SLOTS = 1_024;
/** Of the slots, so many are taken at most: fuller, a look takes many steps. */
const MOST_FULL = 0.75;

/**
 * A set of texts of which only the first 8 bytes of their SHA-256 are kept: 11 to 22 bytes each, outside the heap. A text that was
 * not added may be taken for one that was; among ten million the chance that this happens at all is 1 in 300,000.
 */
export class DigestSet {
  /** Two numbers a slot; the first is 0 in a free one. */
  private slots = new Uint32Array(2 * FIRST_SLOTS);
  private size = 0;

  add(text: string): void {
    if (this.size >= (this.slots.length / 2) * MOST_FULL) this.grow();
    const [high, low] = digestOf(text);
    if (this.put(high, low)) this.size += 1;
  }

  has(text: string): boolean {
    const [high, low] = digestOf(text);
    return this.slots[this.slotOf(high, low)] !== 0;
  }

  /** @returns whether it was not there */
  private put(high: number, low: number): boolean {
    const slot = this.slotOf(high, low);
    if (this.slots[slot] !== 0) return false;
    this.slots[slot] = high;
    this.slots[slot + 1] = low;
    return true;
  }

  /** Where it is, or the free slot where it belongs. */
  private slotOf(high: number, low: number): number {
    const last = this.slots.length - 1;
    let slot = (low * 2) & last;
    while (this.slots[slot] !== 0 && (this.slots[slot] !== high || this.slots[slot + 1] !== low))
      slot = (slot + 2) & last;
    return slot;
  }

  private grow(): void {
    const smaller = this.slots;
    this.slots = new Uint32Array(2 * smaller.length);
    for (let slot = 0; slot < smaller.length; slot += 2) {
      const high = smaller[slot] ?? 0;
      if (high !== 0) this.put(high, smaller[slot + 1] ?? 0);
    }
  }
}

function digestOf(text: string): [high: number, low: number] {
  const digest = createHash('sha256').update(text).digest();
  return [digest.readUInt32BE(0) || 1, digest.readUInt32BE(4)];
}
