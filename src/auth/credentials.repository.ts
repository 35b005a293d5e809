import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../platform/database/database.service.js';
import { Credential } from './credential.entity.js';
import type { PasswordHash } from './passwords/password-hash.value.js';

/** What a login needs to know of an account; without a password, `hash` is null. */
export interface Account {
  id: string;
  email: string;
  role: string;
  sessionEpoch: number;
  disabled: boolean;
  hash: string | null;
  scheme: string | null;
  passwordKeyId: string | null;
}

const FIND_ACCOUNT: Statement = {
  name: 'account_find_by_email',
  text: `
    SELECT u.id, u.email, u.role, u.session_epoch AS "sessionEpoch", u.disabled_at IS NOT NULL AS disabled,
           c.hash, c.scheme, c.password_key_id AS "passwordKeyId"
      FROM users u LEFT JOIN credentials c ON c.user_id = u.id
     WHERE u.email = $1`,
};

@Injectable()
export class CredentialsRepository {
  constructor(private readonly database: Database) {}

  async findAccount(email: string): Promise<Account | null> {
    const [account] = await this.database.query<Account>(FIND_ACCOUNT, [email]);
    return account ?? null;
  }

  async insert(userId: string, password: PasswordHash): Promise<void> {
    await this.database.manager.insert(Credential, { userId, ...password });
  }

  /** Replaces a hash by a better one of the same password, unless the password was changed meanwhile. */
  async renew(userId: string, oldHash: string, password: PasswordHash): Promise<void> {
    await this.database.manager.update(
      Credential,
      { userId, hash: oldHash },
      { ...password, updatedAt: () => 'now()' },
    );
  }
}
