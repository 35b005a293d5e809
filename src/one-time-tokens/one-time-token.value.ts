import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** What a token permits, once. */
export type Purpose = keyof typeof PURPOSES;

const HOUR = 3_600;
const DAY = 24 * HOUR;

/**
 * Lifetimes in seconds. A bound token becomes invalid when the account's password or address changes. The token that undoes a
 * change of address survives both, because somebody who has taken over the account would make these changes first.
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

/** The stored form of a token. A plain SHA-256 is enough for 256 random bits. @returns null if the token is malformed */
export function tokenDigest(token: string): Buffer | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== TOKEN_BYTES || bytes.toString('base64url') !== token) return null;
  return createHash('sha256').update(bytes).digest();
}
