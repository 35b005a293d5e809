import type { KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { type AuthGuardSettings } from './auth-guard.options.js';
import { bearerToken, type HttpRequest } from './bearer-token.js';
import { checkClaims } from './claims.js';
import { AccessRefused, KeysUnavailable, MissingToken } from './errors.js';
import type { KeySource } from './key-source.js';
import { type Principal, principalOf } from './principal.js';
import { readKeyId } from './token-format.js';
import { must, TokenRefused } from './token-refused.js';

export const SETTINGS = Symbol('AuthGuardSettings');

type Done<T> = (error: unknown, value?: T) => void;

interface JwtOptions {
  jwtFromRequest: (request: HttpRequest) => string;
  secretOrKeyProvider: (request: HttpRequest, token: string, done: Done<KeyObject>) => void;
  algorithms: ['ES256'];
  ignoreExpiration: boolean;
  jsonWebTokenOptions: { ignoreNotBefore: boolean };
}

/** The part of a Passport strategy that is used here. Passport puts `success`, `fail` and `error` on it for each request. */
interface PassportJwt {
  success: (user: Principal) => void;
  fail: (reason: unknown) => void;
  error: (error: unknown) => void;
  authenticate(request: HttpRequest): void;
}

// passport-jwt's types know keys as text only, where jsonwebtoken also takes a KeyObject and is many times faster with it.
const PassportJwtStrategy = PassportStrategy(Strategy) as unknown as new (options: JwtOptions) => PassportJwt;

/**
 * Verifies access tokens through Passport: the form and the header before a key is looked up, the signature by
 * passport-jwt, the claims after it.
 */
@Injectable()
export class JwtStrategy extends PassportJwtStrategy {
  constructor(@Inject(SETTINGS) private readonly settings: AuthGuardSettings) {
    super({
      jwtFromRequest: tokenOf,
      secretOrKeyProvider: (_request, token, done) => {
        findKey(token, settings.keys)
          .then((key) => done(null, key))
          .catch(done);
      },
      algorithms: ['ES256'],
      // The times are checked with the other claims, by the clock of the settings.
      ignoreExpiration: true,
      jsonWebTokenOptions: { ignoreNotBefore: true },
    });
  }

  /**
   * Passport makes a copy for each request of a strategy that it knows by name, but not of one that it is handed as an
   * instance: two requests at once would share `success`, and one would be answered as the other's user.
   */
  override authenticate(request: HttpRequest): void {
    const { success, error } = this;
    const fail = (reason: unknown): void => error(asRefusal(reason));
    const forThisRequest = Object.assign(Object.create(this) as this, { success, error, fail });
    super.authenticate.call(forThisRequest, request);
  }

  validate(payload: unknown): Principal {
    const { issuer, audience, clock } = this.settings;
    return principalOf(checkClaims(payload, { issuer, audience, nowSeconds: clock() / 1000 }));
  }

  /** Passport's registry belongs to the whole process, where the next app's strategy would take this one's place. */
  getPassportInstance(): { use(): void } {
    return { use: () => undefined };
  }
}

function tokenOf(request: HttpRequest): string {
  const token = bearerToken(request);
  if (token === undefined) throw new MissingToken();
  return token;
}

async function findKey(token: string, keys: KeySource): Promise<KeyObject> {
  const key = await lookUp(readKeyId(token), keys);
  must(key !== undefined, 'the issuer has no key of that kid');
  return key;
}

async function lookUp(kid: string, keys: KeySource): Promise<KeyObject | undefined> {
  try {
    return await keys.find(kid);
  } catch (error) {
    throw error instanceof KeysUnavailable ? error : new KeysUnavailable(error);
  }
}

/** passport-jwt fails with what `findKey` threw, or with whatever jsonwebtoken found wrong with the signature. */
function asRefusal(reason: unknown): Error {
  if (reason instanceof AccessRefused || reason instanceof TokenRefused) return reason;
  return new TokenRefused('the signature does not verify', { cause: reason });
}
