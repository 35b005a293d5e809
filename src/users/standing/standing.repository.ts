import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../platform/database/database.service.js';
import { User } from '../user.entity.js';

/** Held until the transaction ends: whoever may take an admin away waits for whoever just does. */
const LOCK_ADMINS: Statement = {
  name: 'standing_lock_admins',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('auth-service:admins', 0))`,
};

/** A statement of its own, so that it sees what was committed while it waited for the lock. */
const OTHER_ADMIN: Statement = {
  name: 'standing_other_admin',
  text: `
    SELECT id FROM users
     WHERE role = 'admin' AND disabled_at IS NULL AND invited_at IS NULL AND id <> $1
     LIMIT 1`,
};

const SET_ROLE: Statement = {
  name: 'standing_set_role',
  text: `UPDATE users SET role = $2, session_epoch = session_epoch + $3::integer WHERE id = $1`,
};

const DISABLE: Statement = {
  name: 'standing_disable',
  text: `UPDATE users SET disabled_at = now(), disabled_reason = $2, session_epoch = session_epoch + 1 WHERE id = $1`,
};

const ENABLE: Statement = {
  name: 'standing_enable',
  text: `UPDATE users SET disabled_at = NULL, disabled_reason = NULL WHERE id = $1`,
};

const CLOSE: Statement = {
  name: 'standing_close',
  text: `
    UPDATE users
       SET disabled_at = coalesce(disabled_at, now()), closed_at = now(), session_epoch = session_epoch + 1
     WHERE id = $1
    RETURNING closed_at AS "closedAt"`,
};

/** Who was disabled before the account was closed, at another moment, stays so. */
const RESTORE: Statement = {
  name: 'standing_restore',
  text: `UPDATE users SET disabled_at = nullif(disabled_at, closed_at), closed_at = NULL WHERE id = $1`,
};

/** In an array, so that a plan that was made for any number does not read the whole table to find so few. */
const ERASE: Statement = {
  name: 'standing_erase',
  text: `
    DELETE FROM users
     WHERE id = ANY (ARRAY (
             SELECT id FROM users WHERE closed_at <= now() - make_interval(days => $1)
              ORDER BY closed_at LIMIT $2 FOR UPDATE SKIP LOCKED))
    RETURNING id`,
};

/** As what somebody may come in, if at all. Who changes it has locked the row before. */
@Injectable()
export class StandingRepository {
  constructor(private readonly database: Database) {}

  /** Until the transaction ends nobody else changes this user, and no session opens. */
  lock(id: string): Promise<User | null> {
    return this.database.manager.findOne(User, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /** @returns whether somebody but `id` is an admin who can come in, and stays one until the transaction ends */
  async hasOtherAdmin(id: string): Promise<boolean> {
    await this.database.query(LOCK_ADMINS, []);
    return (await this.database.query(OTHER_ADMIN, [id])).length > 0;
  }

  async setRole(id: string, role: string, { newEpoch }: { newEpoch: boolean }): Promise<void> {
    await this.database.query(SET_ROLE, [id, role, newEpoch ? 1 : 0]);
  }

  async disable(id: string, reason: string | null): Promise<void> {
    await this.database.query(DISABLE, [id, reason]);
  }

  async setReason(id: string, disabledReason: string | null): Promise<void> {
    await this.database.manager.update(User, { id }, { disabledReason });
  }

  async enable(id: string): Promise<void> {
    await this.database.query(ENABLE, [id]);
  }

  async close(id: string): Promise<Date> {
    const [closed] = await this.database.query<{ closedAt: Date }>(CLOSE, [id]);
    if (!closed) throw new Error('The user to close was not locked before.');
    return closed.closedAt;
  }

  async restore(id: string): Promise<void> {
    await this.database.query(RESTORE, [id]);
  }

  /** Everything that belongs to them goes with them. @returns whose accounts they were, at most `limit` */
  async eraseClosed(days: number, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(ERASE, [days, limit])).map(({ id }) => id);
  }
}
