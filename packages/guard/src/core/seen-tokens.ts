import type { KeyObject } from 'node:crypto';
import type { Times } from './claims.js';
import type { Principal } from './principal.js';

/** What is known of a token that was accepted. */
export interface SeenToken {
  readonly principal: Principal;
  readonly times: Times;
  readonly kid: string;
  /** The key that verified it. */
  readonly key: KeyObject;
}

/** The tokens that were accepted before, each by its exact text; past `size`, the one that was longest not used goes. */
export class SeenTokens {
  // A Map keeps the order in which its keys were put in.
  private readonly tokens = new Map<string, SeenToken>();

  constructor(private readonly size: number) {}

  get(token: string): SeenToken | undefined {
    const seen = this.tokens.get(token);
    if (seen) this.put(token, seen);
    return seen;
  }

  put(token: string, seen: SeenToken): void {
    this.tokens.delete(token);
    this.tokens.set(token, seen);
    if (this.tokens.size > this.size) this.forgetOldest();
  }

  delete(token: string): void {
    this.tokens.delete(token);
  }

  private forgetOldest(): void {
    for (const token of this.tokens.keys()) {
      this.tokens.delete(token);
      return;
    }
  }
}
