import type { KeyObject } from 'node:crypto';
import type { Times } from './claims.js';
import type { Principal } from './principal.js';

/** What is known of a token that was accepted. */
export interface SeenToken extends Times {
  readonly principal: Principal;
  readonly kid: string;
  /** The key that verified it. */
  readonly key: KeyObject;
}

/** In characters. The room is for `size` tokens of this length: of longer ones, fewer are kept. */
const LENGTH = 2 * 1024;

/**
 * The tokens that were accepted before, each by its exact text. Past `size` those go that were longest not used: there are two
 * generations of half the size, and when the younger is full, the older is forgotten. That costs a look-up nothing.
 */
export class SeenTokens {
  private young = new Map<string, SeenToken>();
  private old = new Map<string, SeenToken>();
  /** Of all texts in the younger generation. */
  private length = 0;

  constructor(private readonly size: number) {}

  get(token: string): SeenToken | undefined {
    const seen = this.young.get(token);
    if (seen) return seen;
    const older = this.old.get(token);
    if (older) this.put(token, older);
    return older;
  }

  put(token: string, seen: SeenToken): void {
    if (this.size === 0) return;
    if (this.young.size >= this.size / 2 || this.length >= (this.size / 2) * LENGTH) {
      this.old = this.young;
      this.young = new Map();
      this.length = 0;
    }
    this.young.set(token, seen);
    this.length += token.length;
  }

  delete(token: string): void {
    this.young.delete(token);
    this.old.delete(token);
  }
}
