import type { PasswordHash } from '../passwords/password-hash.value.js';

/** What a login needs to know of an account; without a password, `hash` is null. */
export interface Account {
  id: string;
  email: string;
  role: string;
  locale: string | null;
  sessionEpoch: number;
  emailVerified: boolean;
  disabled: boolean;
  hash: string | null;
  scheme: string | null;
  passwordKeyId: string | null;
}

/** The same, as somebody tries to come in. */
export interface AccountAtLogin extends Account {
  /** Which device of the account comes, by a text that stays the same; null for one that the account does not know. */
  knownDevice: string | null;
  /** The id that the device was given for this account; null for one that the account does not know. */
  deviceId: Buffer | null;
  /** Its owner is to be told of a device that was never seen with the account. */
  deviceIsNew: boolean;
}

/** @returns null for an account without a password */
export function passwordOf({ hash, scheme, passwordKeyId }: Account): PasswordHash | null {
  return hash !== null && scheme !== null && passwordKeyId !== null ? { hash, scheme, passwordKeyId } : null;
}
