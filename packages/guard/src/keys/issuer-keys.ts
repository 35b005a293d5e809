import type { KeyObject } from 'node:crypto';
import { KeysUnavailable } from '../core/errors.js';
import type { PublishedKeys } from './issuer-documents.js';
import type { KeySource } from './key-source.js';

/** Lifetime of fetched keys if the issuer sets none, and the bounds of what it may set. */
const LIFETIME_SECONDS = { usual: 300, least: 30, most: 3600 };
/** After this part of their lifetime the keys are renewed in the background, so that no request waits. */
const RENEW_AT = 0.8;
/** How long keys are used while the issuer cannot be reached. A removed key must not stay trusted forever. */
const MOST_STALE_MS = 24 * 3600_000;
const SEEK_EVERY_MS = 30_000;
const RETRY_EVERY_MS = 2_000;

interface Held {
  keys: ReadonlyMap<string, KeyObject>;
  fetchedAtMs: number;
  lifetimeMs: number;
}

/**
 * Caches the keys that an issuer publishes. They are renewed in the background before they expire, and used for up to a day
 * while the issuer cannot be reached. An unknown `kid` causes a request to the issuer at most once per 30 s, so that forged
 * tokens cannot cause a flood of requests. There is never more than one request at a time.
 */
export class IssuerKeys implements KeySource {
  private held: Held | undefined;
  private loading: Promise<void> | undefined;
  /** The latest attempt, when it failed. */
  private failure: { atMs: number; error: unknown } | undefined;
  private soughtAtMs: number | undefined;

  /**
   * @param documents where the keys are published
   * @param clock returns the time in milliseconds since the Unix epoch
   * @param onTrouble called with the reason when the keys cannot be fetched; not called again until they have been
   */
  constructor(
    private readonly documents: { fetchKeys(): Promise<PublishedKeys> },
    private readonly clock: () => number,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /**
   * @throws KeysUnavailable if there are no keys, because the issuer was never reached or not for a day; and for an unknown `kid`
   * while it cannot be reached, because that may be a new key
   */
  find(kid: string): KeyObject | Promise<KeyObject | undefined> {
    // The usual case returns without a promise.
    const fresh = this.held && this.age() < this.held.lifetimeMs * RENEW_AT ? this.held.keys.get(kid) : undefined;
    return fresh ?? this.findLater(kid);
  }

  private async findLater(kid: string): Promise<KeyObject | undefined> {
    const before = this.held;
    const key = (await this.keep()).get(kid);
    const justFetched = this.held !== before;
    const found = key ?? (justFetched ? undefined : await this.seek(kid));
    if (!found && this.failure) throw new KeysUnavailable(this.failure.error, this.secondsToNextSearch());
    return found;
  }

  private async keep(): Promise<Held['keys']> {
    const age = this.age();
    if (!this.held || age >= MOST_STALE_MS) return this.loadFirst();
    const { lifetimeMs } = this.held;
    // Expired keys are renewed before use; but if the issuer failed to answer, no further request waits for it.
    if (age >= lifetimeMs && !this.failure) await this.tryToLoad();
    else if (age >= lifetimeMs * RENEW_AT && this.mayRetry()) void this.tryToLoad();
    return this.held.keys;
  }

  private async loadFirst(): Promise<Held['keys']> {
    if (!this.loading && !this.mayRetry()) throw new KeysUnavailable(this.failure?.error, RETRY_EVERY_MS / 1000);
    try {
      await this.load();
    } catch (error) {
      throw new KeysUnavailable(error, RETRY_EVERY_MS / 1000);
    }
    return this.held?.keys ?? new Map<string, KeyObject>();
  }

  private async seek(kid: string): Promise<KeyObject | undefined> {
    if (this.loading) await this.tryToLoad();
    const found = this.held?.keys.get(kid);
    if (found || (!this.loading && this.within(SEEK_EVERY_MS, this.soughtAtMs))) return found;
    if (!this.loading) this.soughtAtMs = this.clock();
    await this.tryToLoad();
    return this.held?.keys.get(kid);
  }

  private secondsToNextSearch(): number {
    const waitedMs = Math.abs(this.clock() - (this.soughtAtMs ?? this.clock()));
    return Math.max(1, Math.ceil((SEEK_EVERY_MS - waitedMs) / 1000));
  }

  private async tryToLoad(): Promise<void> {
    await this.load().catch(() => undefined);
  }

  private load(): Promise<void> {
    this.loading ??= this.fetch().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async fetch(): Promise<void> {
    try {
      const { keys, maxAgeSeconds = LIFETIME_SECONDS.usual } = await this.documents.fetchKeys();
      const lifetimeSeconds = Math.min(Math.max(maxAgeSeconds, LIFETIME_SECONDS.least), LIFETIME_SECONDS.most);
      this.held = { keys, fetchedAtMs: this.clock(), lifetimeMs: lifetimeSeconds * 1000 };
      this.failure = undefined;
    } catch (error) {
      const isNews = !this.failure;
      this.failure = { atMs: this.clock(), error }; // before calling the app, whose callback may throw, too
      if (isNews) this.onTrouble(error);
      throw error;
    }
  }

  /** In milliseconds. If the clock is set back, keys count as old; otherwise they would never expire. */
  private age(): number {
    return Math.abs(this.clock() - (this.held?.fetchedAtMs ?? 0));
  }

  private mayRetry(): boolean {
    return !this.within(RETRY_EVERY_MS, this.failure?.atMs);
  }

  private within(spanMs: number, sinceMs: number | undefined): boolean {
    return sinceMs !== undefined && Math.abs(this.clock() - sinceMs) < spanMs;
  }
}
