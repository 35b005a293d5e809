import type { AccessTokenClaims } from './claims.js';

/** Who makes a request, as the access token says it. What it says was true at `issuedAt`. */
export interface Principal {
  readonly userId: string;
  readonly email: string;
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
export function principalOf({ sub, email, role, sid, jti, iat, exp, auth_time, amr }: AccessTokenClaims): Principal {
  const principal: Principal = {
    userId: sub,
    email,
    role,
    sessionId: sid,
    tokenId: jti,
    get issuedAt() {
      return dateOf(iat);
    },
    get expiresAt() {
      return dateOf(exp);
    },
    ...(amr && { amr: Object.freeze([...amr]) }),
  };
  if (auth_time !== undefined)
    Object.defineProperty(principal, 'authTime', { enumerable: true, get: () => dateOf(auth_time) });
  return Object.freeze(principal);
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000);
}
