import type { KeyObject } from 'node:crypto';
import { isObject } from '../core/token-format.js';
import { fetchJson } from './fetch-json.js';
import { readJwkSet } from './jwk-set.js';

/** What is told of a foreign issuer's name, in characters: it may be anything. */
const SHOWN = 200;
const WELL_KNOWN = '/.well-known/oauth-authorization-server';

/** The issuer's keys as it has just published them. */
export interface PublishedKeys {
  keys: ReadonlyMap<string, KeyObject>;
  maxAgeSeconds?: number;
}

/**
 * What an issuer publishes of itself: its metadata (RFC 8414), and through it its keys and its feed of closed sessions. Everything comes
 * from one origin.
 */
export class IssuerDocuments {
  private readonly base: URL;
  private jwksUrl: URL | undefined;

  /**
   * @param issuer the issuer's URL, exactly as it stands in its tokens
   * @param url where it is reached; keys may be fetched from there
   */
  constructor(
    private readonly issuer: string,
    url: string,
  ) {
    this.base = new URL(url);
  }

  /** @throws when the issuer is out of reach, or publishes what cannot be believed */
  async fetchKeys(): Promise<PublishedKeys> {
    const place = (this.jwksUrl ??= this.placeOf('jwks_uri', await this.metadata()));
    try {
      const { value, ...kept } = await fetchJson(place);
      return { keys: readJwkSet(value), ...kept };
    } catch (error) {
      this.jwksUrl = undefined; // it may have moved
      throw error;
    }
  }

  /**
   * @returns where the feed is; undefined when the issuer has none
   * @throws as `fetchKeys`
   */
  async findRevocations(signal: AbortSignal): Promise<URL | undefined> {
    const metadata = await this.metadata(signal);
    return metadata.revocations_endpoint === undefined ? undefined : this.placeOf('revocations_endpoint', metadata);
  }

  private async metadata(signal?: AbortSignal): Promise<Record<string, unknown>> {
    const path = this.base.pathname.replace(/\/$/, '');
    const { value: metadata } = await fetchJson(new URL(WELL_KNOWN + path, this.base), signal);
    if (isObject(metadata) && metadata.issuer === this.issuer) return metadata;
    const named = isObject(metadata) ? metadata.issuer : undefined;
    const found = JSON.stringify(named ?? null).slice(0, SHOWN);
    throw new Error(
      `the metadata at ${this.base.origin} is of the issuer ${found}, not of ${JSON.stringify(this.issuer)}`,
    );
  }

  /** The issuer names the place as the world sees it; it is fetched where the issuer is reached. */
  private placeOf(name: string, { [name]: named }: Record<string, unknown>): URL {
    const url = typeof named === 'string' && URL.canParse(named) ? new URL(named) : undefined;
    const origins = [this.base.origin, new URL(this.issuer).origin];
    if (!url || !origins.includes(url.origin)) throw new Error(`${name} is not of the same origin as the issuer`);
    // Not by resolving the path against the base: one that begins with two slashes names another host (RFC 3986 section 4.2).
    const place = new URL(this.base.origin);
    place.pathname = url.pathname;
    place.search = url.search;
    return place;
  }
}
