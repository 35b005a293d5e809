import type { KeyObject } from 'node:crypto';
import { KeysUnavailable } from '../core/errors.js';
import type { PublishedKeys } from './issuer-documents.js';
import type { KeySource } from './key-source.js';

/** How long keys are good for when the issuer does not say, and the least and the most that it may say. */
const LIFETIME_SECONDS = { usual: 300, least: 30, most: 3600 };
/** At this part of their lifetime they are renewed in the background, so that nobody waits. */
const RENEW_AT = 0.8;
/** The longest that keys are used while the issuer is away; a removed key must not live on for ever. */
const MOST_STALE_MS = 24 * 3600_000;
const SEEK_EVERY_MS = 30_000;
const RETRY_EVERY_MS = 2_000;

interface Held {
  keys: ReadonlyMap<string, KeyObject>;
  fetchedAtMs: number;
  lifetimeMs: number;
}

/**
 * The keys that an issuer publishes, kept here: renewed in the background before they grow old, and used for up to a day more when the
 * issuer is away. A `kid` that is not among them is looked for at the issuer at most once per 30 s, so that
 * forged tokens cannot turn into a flood of requests. Never more than one request is under way.
 */
export class IssuerKeys implements KeySource {
  private held: Held | undefined;
  private loading: Promise<void> | undefined;
  /** The latest attempt, when it failed. */
  private failure: { atMs: number; error: unknown } | undefined;
  private soughtAtMs: number | undefined;

  /**
   * @param documents where they are published
   * @param clock the time in milliseconds since 1970
   * @param onTrouble told why they cannot be fetched, once until they can be again
   */
  constructor(
    private readonly documents: { fetchKeys(): Promise<PublishedKeys> },
    private readonly clock: () => number,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /**
   * @throws KeysUnavailable while there are none, since the issuer has been away from the start or for a day; also for an unknown `kid` while it
   * is away: it may be that of a new key
   */
  find(kid: string): KeyObject | Promise<KeyObject | undefined> {
    // What nearly every request asks for is answered without a turn of the event loop.
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
    // Too old to be believed unasked; but where the issuer has just failed to answer, nobody waits for it again.
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
      this.failure = { atMs: this.clock(), error }; // before the app is told: what it does may fail as well
      if (isNews) this.onTrouble(error);
      throw error;
    }
  }

  /** In milliseconds. A clock that was set back makes keys old, not young for ever. */
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
