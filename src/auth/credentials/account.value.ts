import type { PasswordHash } from '../passwords/password-hash.value.js';

/** The data of an account that a login needs; `hash` is null if it has no password. */
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

/** The same, with the device of the login. */
export interface AccountAtLogin extends Account {
  /** A stable text that identifies the device; null if the account does not know the device. */
  knownDevice: string | null;
  /** The device's id for this account; null if the account does not know the device. */
  deviceId: Buffer | null;
  /** True if the owner must be notified of a login from a new device. */
  deviceIsNew: boolean;
}

/** @returns null for an account without a password */
export function passwordOf({ hash, scheme, passwordKeyId }: Account): PasswordHash | null {
  return hash !== null && scheme !== null && passwordKeyId !== null ? { hash, scheme, passwordKeyId } : null;
}
