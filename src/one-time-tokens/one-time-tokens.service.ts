import { Injectable } from '@nestjs/common';
import { type Holder, KeptAddressesRepository } from './kept-addresses.repository.js';
import type { PendingLink } from './one-time-token.entity.js';
import { type FoundToken, type Purpose, randomToken, tokenDigest } from './one-time-token.value.js';
import { InvalidOneTimeToken } from './one-time-tokens.errors.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** Issues and redeems the tokens of links that work once. Only a digest is stored. */
@Injectable()
export class OneTimeTokensService {
  constructor(
    private readonly tokens: OneTimeTokensRepository,
    private readonly addresses: KeptAddressesRepository,
  ) {}

  /**
   * Issues a token and invalidates the user's older ones of the same purpose. An unbound token replaces only those that were
   * sent to the same address.
   * @param address the address that it is sent to
   * @returns null if the user is gone or disabled
   */
  async issue(userId: string, purpose: Purpose, address: string): Promise<string | null> {
    const token = randomToken();
    const digest = tokenDigest(token)!;
    return (await this.tokens.replace({ digest, userId, purpose, address })) ? token : null;
  }

  /** The same for a user that the current transaction has created, who has no older tokens; so it takes no lock. */
  async issueFirst(userId: string, purpose: Purpose, address: string): Promise<string> {
    const token = randomToken();
    await this.tokens.insert({ digest: tokenDigest(token)!, userId, purpose, address });
    return token;
  }

  /**
   * Restarts the lifetime of a token just before it is emailed, even if it has expired, because nobody has received it yet. The
   * token that undoes a change of address keeps its expiry, so that late emails do not prolong the reservation of the address.
   * @returns false if it is no longer valid: it was used or replaced, or the account has changed
   */
  async start(token: string, seconds: number): Promise<boolean> {
    const digest = tokenDigest(token);
    return digest !== null && this.tokens.start(digest, seconds);
  }

  /** Finds a token without consuming it, so that a request can be refused for other reasons before `redeem`. */
  async find(token: string, purpose: Purpose): Promise<FoundToken> {
    const digest = tokenDigest(token);
    const found = digest && (await this.tokens.find(digest, purpose));
    if (!found) throw new InvalidOneTimeToken();
    return found;
  }

  /**
   * Consumes a token that `find` has returned. Call it in the transaction of the change that the token permits, after changing
   * the user's row: of two concurrent requests the second then finds no token and is rolled back.
   */
  async redeem(token: string): Promise<void> {
    const digest = tokenDigest(token);
    if (!digest || !(await this.tokens.take(digest))) throw new InvalidOneTimeToken();
  }

  /** The stored links of a user, without their tokens. */
  listPending(userId: string): Promise<PendingLink[]> {
    return this.tokens.findPending(userId);
  }

  /**
   * Deletes the user's bound tokens.
   * @param wanted if false, nothing is deleted, which takes the same time
   */
  async revokeAll(userId: string, wanted = true): Promise<void> {
    await this.tokens.deleteBound(userId, wanted);
  }

  /**
   * Deletes undo links that were issued at that time or later, so that the earlier owner of the address wins and later ones
   * cannot revert the undo.
   */
  async revokeUndosSince(userId: string, since: Date): Promise<void> {
    await this.tokens.deleteUndosSince(userId, since);
  }

  /**
   * Finds the account that a former address is reserved for while the change can be undone. The database refuses the address to
   * all others as if it were taken.
   * @param address in the form that `parseEmailAddress` returns
   * @returns the user's id, or null if the address is not reserved
   */
  holderOf(address: string): Promise<string | null> {
    return this.addresses.findHolder(address);
  }

  /** @param addresses in the form that `parseEmailAddress` returns @returns those that are reserved, see `holderOf` */
  keptAmong(addresses: readonly string[]): Promise<string[]> {
    return this.addresses.findKept(addresses);
  }

  /**
   * Replaces the token that undoes a change of address. The new one keeps the expiry, so that asking again does not prolong the
   * reservation of the address.
   * @returns null if the address is not reserved, or only for a disabled account
   */
  async renewUndo(address: string): Promise<(Holder & { token: string }) | null> {
    const token = randomToken();
    const holder = await this.addresses.renew(address, tokenDigest(token)!);
    return holder && { ...holder, token };
  }
}
