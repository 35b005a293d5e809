import { Injectable } from '@nestjs/common';
import { audited, auditValues } from '../../audit/audited.value.js';
import { knownDevice, showsDevices } from '../../devices/device-rows.value.js';
import { Database, type Statement } from '../../platform/database/database.service.js';
import { currentRequest } from '../../platform/request-context.js';
import type { Account, AccountAtLogin } from './account.value.js';
import { Credential } from './credential.entity.js';
import type { PasswordHash } from '../passwords/password-hash.value.js';

const ACCOUNT = `
  SELECT u.id, u.email, u.role, u.locale, u.session_epoch AS "sessionEpoch", u.disabled_at IS NOT NULL AS disabled,
         u.email_verified_at IS NOT NULL AS "emailVerified", c.hash, c.scheme, c.password_key_id AS "passwordKeyId"
    FROM users u LEFT JOIN credentials c ON c.user_id = u.id`;

/**
 * A device is recognized by its token. For an account whose devices have never shown a token, a login counts as one from a new
 * device if no session has the same user agent. The first login of an account never counts as new.
 */
const FIND_AT_LOGIN: Statement = {
  name: 'account_find_at_login',
  text: `
    SELECT account.*, encode(device.digest, 'hex') AS "knownDevice", device.id AS "deviceId",
           device.id IS NULL
             AND (${showsDevices('account.id')}
               OR EXISTS (SELECT FROM sessions s WHERE s.user_id = account.id)
                 AND NOT EXISTS (SELECT FROM sessions s WHERE s.user_id = account.id AND s.user_agent IS NOT DISTINCT FROM $2))
             AS "deviceIsNew"
      FROM (${ACCOUNT} WHERE u.email = $1) account
      LEFT JOIN LATERAL ${knownDevice('account.id', '$3')} device ON true`,
};

/** A former address is reserved for its account while the change of address can be undone. */
const FIND_CLAIMANT: Statement = {
  name: 'account_find_claimant',
  text: `
    ${ACCOUNT}
     WHERE u.email = $1
        OR u.id = (SELECT user_id FROM one_time_tokens
                    WHERE purpose = 'undo_email_change' AND address = $1 AND expires_at > clock_timestamp()
                    ORDER BY created_at LIMIT 1)
     ORDER BY u.email = $1 DESC
     LIMIT 1`,
};

const FIND_BY_ID: Statement = { name: 'account_find_by_id', text: `${ACCOUNT} WHERE u.id = $1` };

const PUT: Statement = {
  name: 'credential_put',
  text: `
    INSERT INTO credentials (user_id, hash, scheme, password_key_id) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id) DO UPDATE
       SET hash = excluded.hash, scheme = excluded.scheme, password_key_id = excluded.password_key_id, updated_at = now()`,
};

/** For new accounts: also writes the audit row of the registration. */
const INSERT_ONLY: Statement = {
  name: 'credential_insert',
  text: `
    INSERT INTO credentials (user_id, hash, scheme, password_key_id) VALUES ($1, $2, $3, $4)
    RETURNING user_id`,
};
const INSERT = audited(INSERT_ONLY, 4, { type: 'user_registered', actor: 'user_id', subject: 'user_id' });

const INSERT_ALL: Statement = {
  name: 'credential_insert_all',
  text: `
    INSERT INTO credentials (user_id, hash, scheme, password_key_id)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])`,
};

/**
 * Locks the user, so that it cannot run at the same time as a confirmation of the address: whichever is second sees the result
 * of the first. Invited accounts are left unchanged, because the inviting admin vouched for the address.
 */
const DROP_UNPROVEN: Statement = {
  name: 'credential_drop_unproven',
  text: `
    WITH unproven AS MATERIALIZED (
      SELECT id FROM users WHERE id = $1 AND $2 AND email_verified_at IS NULL AND invited_at IS NULL
         FOR NO KEY UPDATE
    ), dropped AS (
      DELETE FROM credentials c USING unproven WHERE c.user_id = unproven.id
    )
    SELECT id FROM unproven`,
};

@Injectable()
export class CredentialsRepository {
  constructor(private readonly database: Database) {}

  /** @param deviceIds the device ids in the caller's token */
  async findAtLogin(
    email: string,
    { userAgent, deviceIds }: { userAgent: string | null; deviceIds: readonly Buffer[] },
  ): Promise<AccountAtLogin | null> {
    const [account] = await this.database.query<AccountAtLogin>(FIND_AT_LOGIN, [email, userAgent, deviceIds]);
    return account ?? null;
  }

  /** @returns the account that has the address, or for which it is reserved */
  async findClaimant(email: string): Promise<Account | null> {
    const [account] = await this.database.query<Account>(FIND_CLAIMANT, [email]);
    return account ?? null;
  }

  async findById(userId: string): Promise<Account | null> {
    const [account] = await this.database.query<Account>(FIND_BY_ID, [userId]);
    return account ?? null;
  }

  /** Sets the password, or replaces it. */
  async put(userId: string, { hash, scheme, passwordKeyId }: PasswordHash): Promise<void> {
    await this.database.query(PUT, [userId, hash, scheme, passwordKeyId]);
  }

  async delete(userId: string): Promise<void> {
    await this.database.manager.delete(Credential, { userId });
  }

  /** Sets the first password of a new account, and writes the audit row of the registration. */
  async insert(userId: string, { hash, scheme, passwordKeyId }: PasswordHash): Promise<void> {
    await this.database.query(INSERT, [userId, hash, scheme, passwordKeyId, ...auditValues(currentRequest())]);
  }

  /** Sets the passwords of imported accounts. */
  async insertAll(passwords: readonly (PasswordHash & { userId: string })[]): Promise<void> {
    const columns = [
      ...[passwords.map(({ userId }) => userId), passwords.map(({ hash }) => hash)],
      ...[passwords.map(({ scheme }) => scheme), passwords.map(({ passwordKeyId }) => passwordKeyId)],
    ];
    await this.database.query(INSERT_ALL, columns);
  }

  /**
   * @param contested if false, nothing is deleted, which takes the same time
   * @returns true if the address is unconfirmed and contested; the user is then locked
   */
  async dropUnproven(userId: string, contested: boolean): Promise<boolean> {
    return (await this.database.query(DROP_UNPROVEN, [userId, contested])).length > 0;
  }

  /** Replaces a hash with a new one of the same password, unless the password was changed meanwhile. */
  async renew(userId: string, oldHash: string, password: PasswordHash): Promise<void> {
    await this.database.manager.update(
      Credential,
      { userId, hash: oldHash },
      { ...password, updatedAt: () => 'now()' },
    );
  }
}
