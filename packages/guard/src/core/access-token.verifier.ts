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

/** Not a promise if there is nothing to wait for. */
type Maybe<T> = T | undefined | Promise<T | undefined>;

/**
 * Verifies access tokens offline. The signature of an accepted token is not checked again while its key is published. Follows
 * the issuer's closed sessions from the first token or `start()` until `close()`.
 *
 * In Nest, inject it. Elsewhere, use `createVerifier`.
 */
export class AccessTokenVerifier {
  private readonly seen: SeenTokens;
  private isStarted = false;

  constructor(private readonly settings: VerifierSettings) {
    this.seen = new SeenTokens(settings.cacheSize);
  }

  /** The closed sessions that are known; its `state` is useful for a health check. */
  get revocations(): RevocationFeed {
    return this.settings.revocations;
  }

  /** Starts to listen for closed sessions. Resolves when it knows them, or after one second. */
  async start(): Promise<void> {
    await this.revocations.start();
    this.isStarted = true;
  }

  /** Stops listening. */
  close(): Promise<void> {
    return this.revocations.close();
  }

  /**
   * Verifies the bearer token of an Express, Fastify or `node:http` request.
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

  /** The principal of a token that was accepted before and is still valid; undefined if it must be verified. */
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
      must(key !== undefined, 'the issuer has no key with this kid');
      return { token, kid, key };
    });
  }

  /**
   * Checks the payload of a token with a valid signature, and remembers the token.
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

  /** @throws RevocationsUnknown while the latest closed sessions are not known */
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

  // Avoids a promise if the key source returns none, because this runs for every request.
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
