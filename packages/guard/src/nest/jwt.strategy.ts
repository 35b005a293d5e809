import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { AccessTokenVerifier } from '../core/access-token.verifier.js';
import { AccessRefused } from '../core/errors.js';
import type { Principal } from '../core/principal.js';
import { badSignature, type Candidate, SIGNATURE } from '../core/signature.js';

/** What Passport gets instead of a request: a token that was already found. */
export interface TokenCarrier {
  readonly candidate: Candidate;
  user?: Principal;
}

type Done<T> = (error: unknown, value?: T) => void;

interface JwtOptions {
  jwtFromRequest: (carrier: TokenCarrier) => string;
  secretOrKeyProvider: (carrier: TokenCarrier, token: string, done: Done<KeyObject>) => void;
  passReqToCallback: true;
  algorithms: readonly string[];
  ignoreExpiration: boolean;
  jsonWebTokenOptions: { ignoreNotBefore: boolean };
}

/** The part of a Passport strategy that is used here. Passport puts `success`, `fail` and `error` on it for each request. */
interface PassportJwt {
  success: (user: Principal) => void;
  fail: (reason: unknown) => void;
  error: (error: unknown) => void;
  authenticate(carrier: TokenCarrier): void;
}

// The types of passport-jwt allow only strings as keys. jsonwebtoken also accepts a KeyObject, and is many times faster with it.
const PassportJwtStrategy = PassportStrategy(Strategy) as unknown as new (options: JwtOptions) => PassportJwt;

/** Verifies access tokens through Passport: the verifier finds the key, passport-jwt checks the signature, the verifier checks the claims. */
@Injectable()
export class JwtStrategy extends PassportJwtStrategy {
  // The prototype of the copies for each request. Passport writes to the instance it gets; writes to a prototype would be slow.
  private readonly untouched: this;

  constructor(private readonly verifier: AccessTokenVerifier) {
    super({
      jwtFromRequest: ({ candidate }) => candidate.token,
      // The guard has already found the key, so there is nothing to wait for.
      secretOrKeyProvider: ({ candidate }, _, done) => done(null, candidate.key),
      passReqToCallback: true,
      algorithms: SIGNATURE.algorithms,
      ignoreExpiration: SIGNATURE.ignoreExpiration,
      jsonWebTokenOptions: { ignoreNotBefore: SIGNATURE.ignoreNotBefore },
    });
    this.untouched = Object.assign(Object.create(JwtStrategy.prototype) as this, this);
  }

  /**
   * Passport copies a named strategy for each request, but not one passed as an instance. Two simultaneous requests would share
   * `success`, and one would run as the user of the other.
   */
  override authenticate(carrier: TokenCarrier): void {
    const { success, error } = this;
    // passport-jwt fails either with an error of ours, or with what jsonwebtoken found wrong with the signature.
    const fail = (reason: unknown): void => error(reason instanceof AccessRefused ? reason : badSignature(reason));
    const forThisRequest = Object.assign(Object.create(this.untouched) as this, { success, error, fail });
    super.authenticate.call(forThisRequest, carrier);
  }

  validate({ candidate }: TokenCarrier, payload: unknown): Principal {
    return this.verifier.accept(candidate, payload);
  }

  /** Keeps the strategy out of Passport's registry, which is global: another app in this process would replace it there. */
  getPassportInstance(): { use(): void } {
    return { use: () => undefined };
  }
}
