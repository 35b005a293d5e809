import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { AccessTokenVerifier } from '../core/access-token.verifier.js';
import type { AccessTokenClaims } from '../core/claims.js';
import type { Principal } from '../core/principal.js';
import type { VerifierSettings } from '../core/verifier.options.js';
import type { KeySource } from '../keys/key-source.js';
import { SETTINGS } from '../nest/auth-guard.options.js';
import { RevocationFeed } from '../revocations/revocation-feed.js';

/** The user of a test token. Default: a new user, role `user`, confirmed email address, just logged in. */
export interface Person {
  userId?: string;
  email?: string;
  emailVerified?: boolean;
  role?: string;
  sessionId?: string;
  authTime?: Date;
  amr?: readonly string[];
}

/** The part of Nest's `TestingModuleBuilder` that is used here. */
interface Builder {
  overrideProvider(token: unknown): {
    useFactory(options: { inject: unknown[]; factory: (settings: VerifierSettings) => unknown }): unknown;
  };
}

const LIFETIME_SECONDS = 600;

/**
 * Signs access tokens in the tests of an app, without a server. To make the app trust only it, build the app's module with
 * `trustedBy`, or pass it as `keys` in the options of a guard or verifier.
 */
export class TestIssuer implements KeySource {
  private readonly kid = randomUUID();
  private readonly keyPair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly revoked = new Set<string>();
  private readonly stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  /** @param settings the same as in the options of the guard; not needed with `trustedBy` */
  constructor(private settings?: { issuer: string; audience?: string; clock?: () => number }) {}

  find(kid: string): KeyObject | undefined {
    return kid === this.kid ? this.keyPair.publicKey : undefined;
  }

  /** Closes a session: its tokens are no longer accepted. */
  revoke(sessionId: string): void {
    this.revoked.add(sessionId);
  }

  /** Pass it in the options of a guard or verifier together with `keys`; not needed with `trustedBy`. */
  readonly isRevoked = ({ sessionId }: { readonly sessionId: string }): boolean => this.revoked.has(sessionId);

  /** Makes an app built with `Test.createTestingModule(…)` accept the tokens of this issuer and no others. */
  trustedBy<B extends Builder>(builder: B): B {
    const factory = (settings: VerifierSettings): AccessTokenVerifier => {
      this.settings = settings;
      const isRevoked = (user: Principal): boolean => this.isRevoked(user) || settings.isRevoked(user);
      const revocations = new RevocationFeed({ isOthersTask: true });
      return new AccessTokenVerifier({ ...settings, keys: this, isRevoked, revocations });
    };
    builder.overrideProvider(AccessTokenVerifier).useFactory({ inject: [SETTINGS], factory });
    return builder;
  }

  /** A valid access token: send it as `Authorization: Bearer <token>`. */
  signIn(person: Person = {}): string {
    return this.sign(person, this.keyPair.privateKey, this.nowSeconds());
  }

  /** A token that was issued an hour ago and has expired. */
  expiredToken(person: Person = {}): string {
    return this.sign(person, this.keyPair.privateKey, this.nowSeconds() - 3600);
  }

  /** A token that claims to be from this issuer, but has a wrong signature. */
  forgedToken(person: Person = {}): string {
    return this.sign(person, this.stranger.privateKey, this.nowSeconds());
  }

  private sign(person: Person, privateKey: KeyObject, issuedAtSeconds: number): string {
    const header = { alg: 'ES256', typ: 'at+jwt', kid: this.kid };
    return jwt.sign(this.claimsOf(person, issuedAtSeconds), privateKey, { algorithm: 'ES256', header });
  }

  private claimsOf(person: Person, iat: number): AccessTokenClaims {
    const { issuer, audience = issuer } = this.known();
    const { userId = randomUUID(), email = `${userId}@example.com`, role = 'user', sessionId = randomUUID() } = person;
    const loggedInSeconds = person.authTime ? Math.floor(person.authTime.getTime() / 1000) : iat;
    return {
      iss: issuer,
      aud: audience,
      sub: userId,
      user_id: userId,
      email,
      email_verified: person.emailVerified ?? true,
      role,
      sid: sessionId,
      jti: randomUUID(),
      iat,
      exp: iat + LIFETIME_SECONDS,
      auth_time: loggedInSeconds,
      amr: person.amr ?? ['pwd'],
    };
  }

  private nowSeconds(): number {
    const { clock = () => Date.now() } = this.known();
    return Math.floor(clock() / 1000);
  }

  private known(): { issuer: string; audience?: string; clock?: () => number } {
    if (!this.settings) throw new Error('TestIssuer does not know the app yet: build it with `trustedBy(…)` first.');
    return this.settings;
  }
}
