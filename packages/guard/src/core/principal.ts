import type { AccessTokenClaims } from './claims.js';

/** The user who makes a request, as described by the access token. The data is as of `issuedAt`. */
export interface Principal {
  readonly userId: string;
  readonly email: string;
  /** Whether the user has confirmed `email`; if false, it may be someone else's. */
  readonly emailVerified: boolean;
  readonly role: string;
  readonly sessionId: string;
  /** The id of the token, `jti`. */
  readonly tokenId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** When the user last logged in; absent if the issuer does not say. */
  readonly authTime?: Date;
  /** How the user logged in (RFC 8176); absent if the issuer does not say. */
  readonly amr?: readonly string[];
}

/** The same object is returned for every request with the same token. A Date is mutable, so each read returns a new one. */
export function principalOf(claims: AccessTokenClaims): Principal {
  const { sub, email, email_verified: emailVerified = false, role, sid, jti, iat, exp, auth_time, amr } = claims;
  const principal = { userId: sub, email, emailVerified, role, sessionId: sid, tokenId: jti } as Principal;
  return Object.freeze(
    Object.defineProperties(principal, {
      issuedAt: date(iat),
      expiresAt: date(exp),
      ...(auth_time !== undefined && { authTime: date(auth_time) }),
      ...(amr && { amr: { enumerable: true, value: Object.freeze([...amr]) } }),
    }),
  );
}

function date(seconds: number): PropertyDescriptor {
  return { enumerable: true, get: () => new Date(seconds * 1000) };
}
