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

export function principalOf(claims: AccessTokenClaims): Principal {
  return Object.freeze({
    userId: claims.sub,
    email: claims.email,
    role: claims.role,
    sessionId: claims.sid,
    tokenId: claims.jti,
    issuedAt: dateOf(claims.iat),
    expiresAt: dateOf(claims.exp),
    ...(claims.auth_time !== undefined && { authTime: dateOf(claims.auth_time) }),
    ...(claims.amr && { amr: Object.freeze([...claims.amr]) }),
  });
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000);
}
