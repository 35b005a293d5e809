import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../platform/database/database.service.js';

const LIVING = `purpose = 'undo_email_change' AND address = $1 AND expires_at > clock_timestamp()`;

const FIND_HOLDER: Statement = {
  name: 'kept_address_find_holder',
  text: `SELECT user_id AS "userId" FROM one_time_tokens WHERE ${LIVING} ORDER BY created_at LIMIT 1`,
};

const FIND_KEPT: Statement = {
  name: 'kept_address_find_kept',
  text: `
    SELECT DISTINCT address FROM one_time_tokens
     WHERE purpose = 'undo_email_change' AND address = ANY ($1) AND expires_at > clock_timestamp()`,
};

/**
 * Replaces the token of the undo link. The new one has the same expiry, and the same `createdAt`, by which undo links are
 * compared.
 */
const RENEW: Statement = {
  name: 'kept_address_renew',
  text: `
    UPDATE one_time_tokens t SET digest = $2
      FROM users u
     WHERE t.digest = (SELECT digest FROM one_time_tokens WHERE ${LIVING} ORDER BY created_at LIMIT 1)
       AND u.id = t.user_id AND u.disabled_at IS NULL
    RETURNING u.email, u.locale, extract(epoch FROM t.expires_at - clock_timestamp())::integer AS "validSeconds"`,
};

/** The account that an address is reserved for, and how long the reservation still lasts. */
export interface Holder {
  email: string;
  locale: string | null;
  validSeconds: number;
}

@Injectable()
export class KeptAddressesRepository {
  constructor(private readonly database: Database) {}

  async findHolder(address: string): Promise<string | null> {
    const [found] = await this.database.query<{ userId: string }>(FIND_HOLDER, [address]);
    return found?.userId ?? null;
  }

  /** @returns the addresses that are reserved for an account */
  async findKept(addresses: readonly string[]): Promise<string[]> {
    const kept = await this.database.query<{ address: string }>(FIND_KEPT, [addresses]);
    return kept.map(({ address }) => address);
  }

  /** @returns null if the address is not reserved, or only for a disabled account */
  async renew(address: string, digest: Buffer): Promise<Holder | null> {
    const [holder] = await this.database.query<Holder>(RENEW, [address, digest]);
    return holder ?? null;
  }
}
