import { isObject } from './token-format.js';
import { must } from './errors.js';

/** How far the clocks of issuer and verifier may differ, in seconds, either way. */
const TOLERANCE_SECONDS = 30;
/** The end of the year 9999: a later moment is no moment but an attempt. */
const MAX_TIME_SECONDS = 253_402_300_799;

/** The claims of an access token (RFC 9068 section 2.2). Times are seconds since 1970 (RFC 7519 NumericDate). */
export interface AccessTokenClaims {
  iss: string;
  aud: string;
  sub: string;
  /** Equals `sub`. */
  user_id: string;
  email: string;
  /** Whether its owner has shown to receive mail there (OpenID Connect Core 1.0 section 5.1). */
  email_verified?: boolean;
  role: string;
  /** The session in which the token was given out. */
  sid: string;
  jti: string;
  iat: number;
  exp: number;
  nbf?: number;
  /** When the person last proved who they are. */
  auth_time?: number;
  /** How they proved it (RFC 8176). */
  amr?: readonly string[];
}

/** The claims that say when a token is valid, before anyone has looked at them. */
export interface Times {
  readonly iat?: unknown;
  readonly exp?: unknown;
  readonly nbf?: unknown;
}

/** What a token's claims are held against. */
export interface Expectation {
  issuer: string;
  audience: string;
  nowSeconds: number;
}

/**
 * Holds the payload of a verified signature against what is expected of an access token.
 *
 * @throws InvalidToken when a claim is missing, of the wrong type, for someone else, or the token is not valid now
 */
export function checkClaims(payload: unknown, expected: Expectation): AccessTokenClaims {
  must(isObject(payload), 'the payload is not a JSON object');
  must(payload.iss === expected.issuer, 'iss is not the issuer');
  must(payload.aud === expected.audience, 'aud is not the audience');
  checkTimes(payload, expected.nowSeconds);
  for (const name of ['sub', 'email', 'role', 'sid', 'jti'])
    must(isText(payload[name]), `${name} is missing or no text`);
  must(isAbsentOr(isBoolean, payload.email_verified), 'email_verified is neither true nor false');
  must(payload.user_id === payload.sub, 'user_id is not sub');
  must(isAbsentOr(isTime, payload.auth_time), 'auth_time is no time');
  must(isAbsentOr(isTexts, payload.amr), 'amr is no list of texts');
  return payload as unknown as AccessTokenClaims; // every member is checked above
}

/**
 * Holds the times of a token against the clock. They are asked again each time a token comes that was accepted before.
 *
 * @throws InvalidToken when a time is missing, of the wrong type, or the token is not valid now
 */
export function checkTimes({ iat, exp, nbf }: Times, nowSeconds: number): void {
  must(isTime(exp), 'exp is missing or no time');
  must(nowSeconds < exp + TOLERANCE_SECONDS, 'it has expired');
  must(isTime(iat), 'iat is missing or no time');
  must(iat <= nowSeconds + TOLERANCE_SECONDS, 'iat is in the future');
  must(isAbsentOr(isTime, nbf), 'nbf is no time');
  must(nbf === undefined || nbf <= nowSeconds + TOLERANCE_SECONDS, 'nbf is in the future');
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_TIME_SECONDS;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function isAbsentOr<T>(is: (value: unknown) => value is T, value: unknown): value is T | undefined {
  return value === undefined || is(value);
}
