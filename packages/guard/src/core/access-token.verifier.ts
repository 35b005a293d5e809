import type { KeyObject } from 'node:crypto';
import { bearerToken, type HttpRequest } from './bearer-token.js';
import { checkClaims, checkTimes } from './claims.js';
import { KeysUnavailable, MissingToken, must, RevocationsUnknown } from './errors.js';
import { type Principal, principalOf } from './principal.js';
import type { RevocationFeed } from '../revocations/revocation-feed.js';
import { type SeenToken, SeenTokens } from './seen-tokens.js';
import { type Candidate, verifiedPayload } from './signature.js';
import { readKeyId } from './token-format.js';
import type { VerifierSettings } from './verifier.options.js';

/** At once where nothing has to be waited for. */
type Maybe<T> = T | undefined | Promise<T | undefined>;

/**
 * Verifies access tokens offline: the form and the header before a key is looked up, then the signature, then the claims. A token
 * that was accepted before is not verified again, as long as it is valid, its key is still published and it is not revoked. Which are revoked
 * it hears from the issuer from the first token on, or from `start()` to `close()`.
 *
 * In Nest it is there to be injected, where the guard is configured; elsewhere `createVerifier` makes one.
 */
export class AccessTokenVerifier {
  private readonly seen: SeenTokens;
  private isStarted = false;

  constructor(private readonly settings: VerifierSettings) {
    this.seen = new SeenTokens(settings.cacheSize);
  }

  /** What is known of closed sessions, for a health check. */
  get revocations(): RevocationFeed {
    return this.settings.revocations;
  }

  /** Listens for closed sessions from now on. Resolves when it knows them, or at the latest a second later. */
  async start(): Promise<void> {
    await this.revocations.start();
    this.isStarted = true;
  }

  /** Listens no longer. Nothing keeps the process alive in any case. */
  close(): Promise<void> {
    return this.revocations.close();
  }

  /**
   * Verifies the bearer token of a request of Express, Fastify or `node:http`.
   *
   * @throws MissingToken, InvalidToken, KeysUnavailable, RevocationsUnknown
   */
  async verifyRequest(request: HttpRequest): Promise<Principal> {
    const token = bearerToken(request);
    if (token === undefined) throw new MissingToken();
    return this.verifyAccessToken(token);
  }

  /** @throws InvalidToken, KeysUnavailable, RevocationsUnknown */
  async verifyAccessToken(token: string): Promise<Principal> {
    const known = await this.recall(token);
    if (known) return known;
    const candidate = await this.candidate(token);
    return this.accept(candidate, verifiedPayload(candidate));
  }

  /** Who sent a token that was accepted before and would be again; undefined when it is to be verified. */
  recall(token: string): Maybe<Principal> {
    if (!this.isStarted) return this.start().then(() => this.recall(token));
    const seen = this.seen.get(token);
    if (!seen) return undefined;
    return onceThere(this.lookUp(seen.kid), (key) => this.asBefore(token, seen, key));
  }

  /** @throws InvalidToken, KeysUnavailable */
  candidate(token: string): Candidate | Promise<Candidate> {
    const kid = readKeyId(token);
    return onceThere(this.lookUp(kid), (key) => {
      must(key !== undefined, 'the issuer has no key of that kid');
      return { token, kid, key };
    });
  }

  /**
   * Holds what a verified signature says against what is expected, and remembers the token.
   *
   * @throws InvalidToken, RevocationsUnknown
   */
  accept({ token, kid, key }: Candidate, payload: unknown): Principal {
    const { issuer, audience } = this.settings;
    const claims = checkClaims(payload, { issuer, audience, nowSeconds: this.nowSeconds() });
    const principal = principalOf(claims);
    const { iat, exp, nbf } = claims;
    this.seen.put(token, { principal, iat, exp, nbf, kid, key });
    return this.unlessRevoked(principal);
  }

  /** @throws RevocationsUnknown while it cannot be said whether a session was closed */
  mustKnowRevocations(): void {
    if (!this.revocations.isComplete) throw new RevocationsUnknown();
  }

  private asBefore(token: string, seen: SeenToken, key: KeyObject | undefined): Principal | undefined {
    if (key !== seen.key && !key?.equals(seen.key)) {
      this.seen.delete(token);
      return undefined;
    }
    checkTimes(seen, this.nowSeconds());
    return this.unlessRevoked(seen.principal);
  }

  // Without a promise where the source of keys needs none: this is asked for every request.
  private lookUp(kid: string): Maybe<KeyObject> {
    try {
      const found = this.settings.keys.find(kid);
      return found && 'then' in found ? Promise.resolve(found).catch(outOfReach) : found;
    } catch (error) {
      return outOfReach(error);
    }
  }

  private unlessRevoked(principal: Principal): Principal {
    const { isRevoked, revocations, strict } = this.settings;
    must(!isRevoked(principal) && !revocations.isRevoked(principal), 'it is revoked');
    if (strict) this.mustKnowRevocations();
    return principal;
  }

  private nowSeconds(): number {
    return this.settings.clock() / 1000;
  }
}

function onceThere<T, R>(value: T | Promise<T>, next: (value: T) => R): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function outOfReach(error: unknown): never {
  throw error instanceof KeysUnavailable ? error : new KeysUnavailable(error);
}
