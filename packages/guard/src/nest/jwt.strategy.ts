import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { AccessTokenVerifier } from '../core/access-token.verifier.js';
import { AccessRefused } from '../core/errors.js';
import type { Principal } from '../core/principal.js';
import { badSignature, type Candidate, SIGNATURE } from '../core/signature.js';

/** What Passport is given in the place of a request: a token has been found, wherever it came from. */
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

// passport-jwt's types know keys as text only, where jsonwebtoken also takes a KeyObject and is many times faster with it.
const PassportJwtStrategy = PassportStrategy(Strategy) as unknown as new (options: JwtOptions) => PassportJwt;

/** Verifies access tokens through Passport: what the verifier says of a key before, passport-jwt, what it says of the claims after. */
@Injectable()
export class JwtStrategy extends PassportJwtStrategy {
  // What requests inherit from: Passport writes on the instance it is handed, and each write there makes all that inherits from it slow.
  private readonly untouched: this;

  constructor(private readonly verifier: AccessTokenVerifier) {
    super({
      jwtFromRequest: ({ candidate }) => candidate.token,
      // Nothing is to be waited for here: what a key is to verify, the guard has found out before.
      secretOrKeyProvider: ({ candidate }, _, done) => done(null, candidate.key),
      passReqToCallback: true,
      algorithms: SIGNATURE.algorithms,
      ignoreExpiration: SIGNATURE.ignoreExpiration,
      jsonWebTokenOptions: { ignoreNotBefore: SIGNATURE.ignoreNotBefore },
    });
    this.untouched = Object.assign(Object.create(JwtStrategy.prototype) as this, this);
  }

  /**
   * Passport makes a copy for each request of a strategy that it knows by name, but not of one that it is handed as an
   * instance: two requests at once would share `success`, and one would be answered as the other's user.
   */
  override authenticate(carrier: TokenCarrier): void {
    const { success, error } = this;
    // passport-jwt fails with what was wrong before the signature, or with whatever jsonwebtoken found wrong with it.
    const fail = (reason: unknown): void => error(reason instanceof AccessRefused ? reason : badSignature(reason));
    const forThisRequest = Object.assign(Object.create(this.untouched) as this, { success, error, fail });
    super.authenticate.call(forThisRequest, carrier);
  }

  validate({ candidate }: TokenCarrier, payload: unknown): Principal {
    return this.verifier.accept(candidate, payload);
  }

  /** Passport's registry belongs to the whole process, where the next app's strategy would take this one's place. */
  getPassportInstance(): { use(): void } {
    return { use: () => undefined };
  }
}
