import { isObject } from './token-format.js';
import { must } from './errors.js';

/** How far the clocks of issuer and verifier may differ in either direction, in seconds. */
const TOLERANCE_SECONDS = 30;
/** The end of the year 9999. No honest token holds a later time. */
const MAX_TIME_SECONDS = 253_402_300_799;

/** The claims of an access token (RFC 9068 section 2.2). Times are seconds since 1970 (RFC 7519 NumericDate). */
export interface AccessTokenClaims {
  iss: string;
  aud: string;
  sub: string;
  /** Equals `sub`. */
  user_id: string;
  email: string;
  /** Whether the user has confirmed this email address (OpenID Connect Core 1.0 section 5.1). */
  email_verified?: boolean;
  role: string;
  /** The id of the session that the token belongs to. */
  sid: string;
  jti: string;
  iat: number;
  exp: number;
  nbf?: number;
  /** When the user last logged in. */
  auth_time?: number;
  /** How the user logged in (RFC 8176). */
  amr?: readonly string[];
}

/** The claims that say when a token is valid, before they are checked. */
export interface Times {
  readonly iat?: unknown;
  readonly exp?: unknown;
  readonly nbf?: unknown;
}

/** What the claims of a token must match. */
export interface Expectation {
  issuer: string;
  audience: string;
  nowSeconds: number;
}

/**
 * Checks that the payload of a token with a valid signature is that of an access token.
 *
 * @throws InvalidToken if a claim is missing or of the wrong type, or the token is for another audience or not valid now
 */
export function checkClaims(payload: unknown, expected: Expectation): AccessTokenClaims {
  must(isObject(payload), 'the payload is not a JSON object');
  must(payload.iss === expected.issuer, 'iss is not the issuer');
  must(payload.aud === expected.audience, 'aud is not the audience');
  checkTimes(payload, expected.nowSeconds);
  for (const name of ['sub', 'email', 'role', 'sid', 'jti'])
    must(isText(payload[name]), `${name} is missing or not a string`);
  must(isAbsentOr(isBoolean, payload.email_verified), 'email_verified is not a boolean');
  must(payload.user_id === payload.sub, 'user_id differs from sub');
  must(isAbsentOr(isTime, payload.auth_time), 'auth_time is not a time');
  must(isAbsentOr(isTexts, payload.amr), 'amr is not a list of strings');
  return payload as unknown as AccessTokenClaims; // every member is checked above
}

/**
 * Checks the times of a token. This is repeated each time an accepted token comes again.
 *
 * @throws InvalidToken if a time is missing or of the wrong type, or the token is not valid now
 */
export function checkTimes({ iat, exp, nbf }: Times, nowSeconds: number): void {
  must(isTime(exp), 'exp is missing or not a time');
  must(nowSeconds < exp + TOLERANCE_SECONDS, 'it has expired');
  must(isTime(iat), 'iat is missing or not a time');
  must(iat <= nowSeconds + TOLERANCE_SECONDS, 'iat is in the future');
  must(isAbsentOr(isTime, nbf), 'nbf is not a time');
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
