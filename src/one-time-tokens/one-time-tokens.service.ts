import { Injectable } from '@nestjs/common';
import { type Holder, KeptAddressesRepository } from './kept-addresses.repository.js';
import type { PendingLink } from './one-time-token.entity.js';
import { type FoundToken, type Purpose, randomToken, tokenDigest } from './one-time-token.value.js';
import { InvalidOneTimeToken } from './one-time-tokens.errors.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** Links that work once. They are shown to nobody but whoever reads the mail: only a digest stays here. */
@Injectable()
export class OneTimeTokensService {
  constructor(
    private readonly tokens: OneTimeTokensRepository,
    private readonly addresses: KeptAddressesRepository,
  ) {}

  /**
   * Makes the one token of this purpose that the user has; older ones die. One that outlives changes of the account
   * replaces only those that were sent to the same address.
   * @param address where it is sent to
   * @returns null when the user is gone or disabled
   */
  async issue(userId: string, purpose: Purpose, address: string): Promise<string | null> {
    const token = randomToken();
    const digest = tokenDigest(token)!;
    return (await this.tokens.replace({ digest, userId, purpose, address })) ? token : null;
  }

  /** The same for a user whom the transaction under way has made: there is no older token, and nobody else to wait for. */
  async issueFirst(userId: string, purpose: Purpose, address: string): Promise<string> {
    const token = randomToken();
    await this.tokens.insert({ digest: tokenDigest(token)!, userId, purpose, address });
    return token;
  }

  /**
   * The life of a token begins anew whenever it is about to be mailed, also when it was over: nobody had it. One that takes a change
   * of address back ends when it would have, for nobody keeps an address longer by mails that are late.
   * @returns false when it leads nowhere any more: it was used or replaced, or the account has changed
   */
  async start(token: string, seconds: number): Promise<boolean> {
    const digest = tokenDigest(token);
    return digest !== null && this.tokens.start(digest, seconds);
  }

  /**
   * Looks, and consumes nothing: what can be refused for another reason is refused before `redeem`.
   * @throws InvalidOneTimeToken
   */
  async find(token: string, purpose: Purpose): Promise<FoundToken> {
    const digest = tokenDigest(token);
    const found = digest && (await this.tokens.find(digest, purpose));
    if (!found) throw new InvalidOneTimeToken();
    return found;
  }

  /**
   * Consumes what `find` has found, in the transaction of the change that it allows and after the user's row was changed
   * there: whoever comes second then finds nothing, and his change is rolled back.
   * @throws InvalidOneTimeToken
   */
  async redeem(token: string): Promise<void> {
    const digest = tokenDigest(token);
    if (!digest || !(await this.tokens.take(digest))) throw new InvalidOneTimeToken();
  }

  /** Which links of a user are kept; their tokens are not. */
  listPending(userId: string): Promise<PendingLink[]> {
    return this.tokens.findPending(userId);
  }

  /**
   * Every token of the user that dies with a change of the account, now instead of at its next use.
   * @param wanted if not, none is revoked, which takes the same time
   */
  async revokeAll(userId: string, wanted = true): Promise<void> {
    await this.tokens.deleteBound(userId, wanted);
  }

  /**
   * Every other way to take back a change of address that was given out since: whoever had the address first wins, and
   * whoever came after him cannot turn it round again.
   */
  async revokeUndosSince(userId: string, since: Date): Promise<void> {
    await this.tokens.deleteUndosSince(userId, since);
  }

  /**
   * Whose an address was: nobody else gets it while the change can be undone. The database refuses whoever tries, as if the address
   * were taken.
   * @param address as `parseEmailAddress` gives it
   * @returns the user's id, or null for an address that nothing keeps
   */
  holderOf(address: string): Promise<string | null> {
    return this.addresses.findHolder(address);
  }

  /** @param addresses as `parseEmailAddress` gives them @returns those that something keeps, as `holderOf` tells it of one */
  keptAmong(addresses: readonly string[]): Promise<string[]> {
    return this.addresses.findKept(addresses);
  }

  /**
   * Another link to take back the change from an address, in the place of the one there is. It ends when that one would have: nobody
   * keeps an address longer by asking.
   * @returns null when it is kept for nobody, or for a disabled account
   */
  async renewUndo(address: string): Promise<(Holder & { token: string }) | null> {
    const token = randomToken();
    const holder = await this.addresses.renew(address, tokenDigest(token)!);
    return holder && { ...holder, token };
  }
}
