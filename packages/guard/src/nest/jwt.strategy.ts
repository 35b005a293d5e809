import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { AccessTokenVerifier, badSignature, type Candidate, SIGNATURE } from '../core/access-token.verifier.js';
import { AccessRefused } from '../core/errors.js';
import type { Principal } from '../core/principal.js';

/** What Passport is given in the place of a request: a token has been found, wherever it came from. */
export interface TokenCarrier {
  readonly token: string;
  candidate?: Candidate;
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
  constructor(private readonly verifier: AccessTokenVerifier) {
    super({
      jwtFromRequest: ({ token }) => token,
      secretOrKeyProvider: (carrier, token, done) => {
        verifier.candidate(token).then((candidate) => {
          carrier.candidate = candidate;
          done(null, candidate.key);
        }, done);
      },
      passReqToCallback: true,
      algorithms: SIGNATURE.algorithms,
      ignoreExpiration: SIGNATURE.ignoreExpiration,
      jsonWebTokenOptions: { ignoreNotBefore: SIGNATURE.ignoreNotBefore },
    });
  }

  /**
   * Passport makes a copy for each request of a strategy that it knows by name, but not of one that it is handed as an
   * instance: two requests at once would share `success`, and one would be answered as the other's user.
   */
  override authenticate(carrier: TokenCarrier): void {
    const { success, error } = this;
    // passport-jwt fails with what was wrong before the signature, or with whatever jsonwebtoken found wrong with it.
    const fail = (reason: unknown): void => error(reason instanceof AccessRefused ? reason : badSignature(reason));
    const forThisRequest = Object.assign(Object.create(this) as this, { success, error, fail });
    super.authenticate.call(forThisRequest, carrier);
  }

  validate({ candidate }: TokenCarrier, payload: unknown): Principal {
    if (!candidate) throw new Error('Passport asks about claims that no key was looked up for.');
    return this.verifier.accept(candidate, payload);
  }

  /** Passport's registry belongs to the whole process, where the next app's strategy would take this one's place. */
  getPassportInstance(): { use(): void } {
    return { use: () => undefined };
  }
}
