import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../platform/database/database.service.js';
import type { PendingLink } from './one-time-token.entity.js';
import { type FoundToken, type NewToken, type Purpose, PURPOSES } from './one-time-token.value.js';

/** Serializes concurrent requests for one user, so that only the newest token remains. */
const LOCK_USER: Statement = {
  name: 'one_time_token_lock_user',
  text: `SELECT id FROM users WHERE id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE`,
};

const DELETE_OLDER: Statement = {
  name: 'one_time_token_delete_older',
  text: `DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose = $2 AND (bound_email IS NOT NULL OR address = $3)`,
};

const INSERT: Statement = {
  name: 'one_time_token_insert',
  text: `
    INSERT INTO one_time_tokens (digest, user_id, purpose, address, bound_email, bound_epoch, expires_at)
    SELECT $1, u.id, $3, $4, CASE WHEN $5 THEN u.email END, CASE WHEN $5 THEN u.session_epoch END,
           clock_timestamp() + make_interval(secs => $6)
      FROM users u
     WHERE u.id = $2`,
};

/** The same conditions as in `FIND`, except that a bound token may have expired. */
const START: Statement = {
  name: 'one_time_token_start',
  text: `
    UPDATE one_time_tokens t
       SET expires_at = CASE WHEN t.bound_email IS NULL THEN t.expires_at
                             ELSE clock_timestamp() + make_interval(secs => $2) END
      FROM users u
     WHERE t.digest = $1 AND u.id = t.user_id AND u.disabled_at IS NULL
       AND CASE WHEN t.bound_email IS NULL THEN t.expires_at > clock_timestamp()
                ELSE u.email = t.bound_email AND u.session_epoch = t.bound_epoch END
    RETURNING t.user_id`,
};

const FIND: Statement = {
  name: 'one_time_token_find',
  text: `
    SELECT t.user_id AS "userId", t.address, t.created_at AS "createdAt", u.email, u.session_epoch AS "sessionEpoch", u.locale
      FROM one_time_tokens t JOIN users u ON u.id = t.user_id
     WHERE t.digest = $1 AND t.purpose = $2 AND t.expires_at > clock_timestamp() AND u.disabled_at IS NULL
       AND (t.bound_email IS NULL OR (u.email = t.bound_email AND u.session_epoch = t.bound_epoch))`,
};

const TAKE: Statement = {
  name: 'one_time_token_take',
  text: `DELETE FROM one_time_tokens WHERE digest = $1 AND expires_at > clock_timestamp() RETURNING user_id`,
};

const DELETE_BOUND: Statement = {
  name: 'one_time_token_delete_bound',
  text: `DELETE FROM one_time_tokens WHERE user_id = $1 AND bound_email IS NOT NULL AND $2`,
};

const DELETE_UNDOS_SINCE: Statement = {
  name: 'one_time_token_delete_undos_since',
  text: `DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose = 'undo_email_change' AND created_at >= $2`,
};

const FIND_PENDING: Statement = {
  name: 'one_time_token_find_pending',
  text: `
    SELECT purpose, address, created_at AS "createdAt", expires_at AS "expiresAt"
      FROM one_time_tokens
     WHERE user_id = $1
     ORDER BY created_at`,
};

/** Expired tokens are kept as long as their email may be in the queue, because their lifetime starts when it is sent. */
const DELETE_EXPIRED: Statement = {
  name: 'one_time_token_delete_expired',
  text: `
    DELETE FROM one_time_tokens
     WHERE digest IN (SELECT digest FROM one_time_tokens WHERE expires_at < clock_timestamp() - interval '14 days'
                       ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING user_id`,
};

@Injectable()
export class OneTimeTokensRepository {
  constructor(private readonly database: Database) {}

  /** Inserts a token without replacing older ones. */
  async insert({ digest, userId, purpose, address }: NewToken): Promise<void> {
    const { bound, seconds } = PURPOSES[purpose];
    await this.database.query(INSERT, [digest, userId, purpose, address, bound, seconds]);
  }

  /** Replaces older tokens of the same purpose. @returns false if the user is gone or disabled */
  replace(token: NewToken): Promise<boolean> {
    const { userId, purpose, address } = token;
    return this.database.inTransaction(async () => {
      if ((await this.database.query(LOCK_USER, [userId])).length === 0) return false;
      await this.database.query(DELETE_OLDER, [userId, purpose, address]);
      await this.insert(token);
      return true;
    });
  }

  /** @returns false if the token is no longer valid */
  async start(digest: Buffer, seconds: number): Promise<boolean> {
    return (await this.database.query(START, [digest, seconds])).length > 0;
  }

  async find(digest: Buffer, purpose: Purpose): Promise<FoundToken | null> {
    const [found] = await this.database.query<FoundToken>(FIND, [digest, purpose]);
    return found ?? null;
  }

  /** @returns true for one caller only, however many try at once */
  async take(digest: Buffer): Promise<boolean> {
    return (await this.database.query(TAKE, [digest])).length > 0;
  }

  findPending(userId: string): Promise<PendingLink[]> {
    return this.database.query<PendingLink>(FIND_PENDING, [userId]);
  }

  /** @param wanted if false, nothing is deleted, which takes the same time */
  async deleteBound(userId: string, wanted: boolean): Promise<void> {
    await this.database.query(DELETE_BOUND, [userId, wanted]);
  }

  async deleteUndosSince(userId: string, since: Date): Promise<void> {
    await this.database.query(DELETE_UNDOS_SINCE, [userId, since]);
  }

  /** Deletes tokens that can no longer become valid. @returns how many */
  async deleteExpired(limit: number): Promise<number> {
    return (await this.database.query(DELETE_EXPIRED, [limit])).length;
  }
}
