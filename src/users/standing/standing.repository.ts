import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../platform/database/database.service.js';
import { User } from '../user.entity.js';

/** Held until the transaction ends. It serializes changes that take an admin away. */
const LOCK_ADMINS: Statement = {
  name: 'standing_lock_admins',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('auth-service:admins', 0))`,
};

/** A separate statement, so that it sees what was committed while it waited for the lock. */
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

/** An account that was disabled at another time than it was closed stays disabled. */
const RESTORE: Statement = {
  name: 'standing_restore',
  text: `UPDATE users SET disabled_at = nullif(disabled_at, closed_at), closed_at = NULL WHERE id = $1`,
};

/** As an array, so that a generic plan does not scan the whole table for a few rows. */
const ERASE: Statement = {
  name: 'standing_erase',
  text: `
    DELETE FROM users
     WHERE id = ANY (ARRAY (
             SELECT id FROM users WHERE closed_at <= now() - make_interval(days => $1)
              ORDER BY closed_at LIMIT $2 FOR UPDATE SKIP LOCKED))
    RETURNING id`,
};

/** Changes to roles and states of users. Callers must lock the row first. */
@Injectable()
export class StandingRepository {
  constructor(private readonly database: Database) {}

  /** Until the transaction ends, nobody else can change this user, and no session can open. */
  lock(id: string): Promise<User | null> {
    return this.database.manager.findOne(User, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /** @returns true if another active admin exists, who then cannot be removed until the transaction ends */
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

  /** Deletes users together with all their data. @returns their ids, at most `limit` */
  async eraseClosed(days: number, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(ERASE, [days, limit])).map(({ id }) => id);
  }
}
