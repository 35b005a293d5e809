import type { BcryptHash } from '@auth-service/bcrypt-lanes';

/** An account as it was elsewhere. */
export interface ImportedAccount {
  /** A UUID in lower case; a new one if not given. */
  id?: string;
  /** As `parseEmailAddress` gives it. */
  email: string;
  emailVerified: boolean;
  /** A slug. */
  role: string;
  /** The language of mails, or null for the service's own. */
  locale: string | null;
  /** Now if not given. */
  createdAt?: Date;
  /** Null for one whose owner is to choose a password. */
  password: BcryptHash | null;
}

/** What became of some accounts. */
export interface ImportOutcome<Account> {
  imported: number;
  /** How many have an account already, or are kept for one that had the address. */
  there: number;
  /** Whose id an account with another address has. */
  withTakenId: Account[];
}
