import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { InvalidToken } from './errors.js';

/** How a signature is checked, here and by Passport. The times are checked with the other claims, by the clock of the settings. */
export const SIGNATURE = { algorithms: ['ES256' as const], ignoreExpiration: true, ignoreNotBefore: true };

/** A token of the right form, and the key that is to verify it. */
export interface Candidate {
  readonly token: string;
  readonly kid: string;
  readonly key: KeyObject;
}

/** What the signature is for, whose claims nobody has looked at yet. @throws InvalidToken */
export function verifiedPayload({ token, key }: Candidate): unknown {
  try {
    return jwt.verify(token, key, SIGNATURE);
  } catch (error) {
    throw badSignature(error);
  }
}

export function badSignature(cause: unknown): InvalidToken {
  return new InvalidToken('the signature does not verify', cause);
}
