import type { BcryptHash } from '@auth-service/bcrypt-lanes';

/** An account from another system. */
export interface ImportedAccount {
  /** A UUID in lower case; generated if undefined. */
  id?: string;
  /** In the form that `parseEmailAddress` returns. */
  email: string;
  emailVerified: boolean;
  /** A slug. */
  role: string;
  /** The language of emails, or null for the default language of the service. */
  locale: string | null;
  /** The default is now. */
  createdAt?: Date;
  /** Null if the owner has yet to choose a password. */
  password: BcryptHash | null;
}

/** The result of an import. */
export interface ImportOutcome<Account> {
  imported: number;
  /** How many addresses already have an account, or are reserved for a former owner. */
  there: number;
  /** The accounts whose id belongs to an account with another address. */
  withTakenId: Account[];
}
