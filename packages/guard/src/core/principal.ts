import type { AccessTokenClaims } from './claims.js';

/** Who makes a request, as the access token says it. What it says was true at `issuedAt`. */
export interface Principal {
  readonly userId: string;
  readonly email: string;
  /** Whether they have shown to receive mail there; false when the issuer does not say. Until then it may be somebody else's address. */
  readonly emailVerified: boolean;
  readonly role: string;
  readonly sessionId: string;
  /** The token's own id, `jti`. */
  readonly tokenId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** When the person last proved who they are; absent when the issuer does not say. */
  readonly authTime?: Date;
  /** How they proved it (RFC 8176); absent when the issuer does not say. */
  readonly amr?: readonly string[];
}

/** It is given again for every request with the same token. A date can be changed, so each who asks for one gets one of their own. */
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
