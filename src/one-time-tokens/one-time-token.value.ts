import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** What a token allows, once. */
export type Purpose = keyof typeof PURPOSES;

const HOUR = 3_600;
const DAY = 24 * HOUR;

/**
 * How long each lives, in seconds. A bound one dies when the account's password or address changes; the one that takes a
 * change of address back outlives both, because whoever stole the account would make them first.
 */
export const PURPOSES = {
  verify_email: { seconds: DAY, bound: true },
  reset_password: { seconds: HOUR / 2, bound: true },
  change_email: { seconds: DAY, bound: true },
  undo_email_change: { seconds: 7 * DAY, bound: false },
  invitation: { seconds: 7 * DAY, bound: true },
} as const;

/** Whose token it is and where it was sent, with the account as it is now. */
export interface FoundToken {
  userId: string;
  address: string;
  createdAt: Date;
  email: string;
  sessionEpoch: number;
  locale: string | null;
}

/** A token as it is made. */
export interface NewToken {
  digest: Buffer;
  userId: string;
  purpose: Purpose;
  address: string;
}

/** @returns 256 random bits as base64url text of 43 characters */
export function randomToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is kept of a token: with so many random bits, a plain SHA-256 tells nothing. @returns null for what cannot be one */
export function tokenDigest(token: string): Buffer | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== TOKEN_BYTES || bytes.toString('base64url') !== token) return null;
  return createHash('sha256').update(bytes).digest();
}
