import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { Database, type Statement } from '../platform/database/database.service.js';
import { sqlState } from '../platform/database/trouble.js';
import { User } from './user.entity.js';
import { EmailTaken } from './users.errors.js';

type NewUser = Pick<User, 'id' | 'email' | 'locale'> & Partial<Pick<User, 'role' | 'invitedAt'>>;

const USER = `
  id, email, role, locale, session_epoch AS "sessionEpoch", email_verified_at AS "emailVerifiedAt", invited_at AS "invitedAt",
  disabled_at AS "disabledAt", disabled_reason AS "disabledReason", closed_at AS "closedAt", created_at AS "createdAt"`;

/**
 * A prepared statement instead of the entity manager, so that a registration takes no longer than one that finds the address
 * taken.
 */
const INSERT: Statement = {
  name: 'user_insert',
  text: `INSERT INTO users (id, email, role, locale, invited_at) VALUES ($1, $2, $3, $4, $5) RETURNING ${USER}`,
};

/** Raw SQL, because these run in many requests, and TypeORM takes longer to build such a query than to send it. */
const FIND_ACTIVE: Statement = {
  name: 'user_find_active',
  text: `SELECT ${USER} FROM users WHERE id = $1 AND disabled_at IS NULL`,
};

const FIND_ACTIVE_BY_EMAIL: Statement = {
  name: 'user_find_active_by_email',
  text: `SELECT ${USER} FROM users WHERE email = $1 AND disabled_at IS NULL`,
};

const FIND_BY_EMAIL: Statement = {
  name: 'user_find_by_email',
  text: `SELECT ${USER} FROM users WHERE email = $1`,
};

/** Compares the epoch that the caller has read, so that of two concurrent requests to end all sessions the second fails. */
const RAISE_EPOCH: Statement = {
  name: 'user_raise_epoch',
  text: `
    UPDATE users SET session_epoch = session_epoch + 1
     WHERE id = $1 AND session_epoch = $2 AND disabled_at IS NULL
    RETURNING id`,
};

const MARK_VERIFIED: Statement = {
  name: 'user_mark_verified',
  text: `
    UPDATE users SET email_verified_at = coalesce(email_verified_at, now())
     WHERE id = $1 AND email = $2 AND disabled_at IS NULL
    RETURNING id`,
};

/** The confirmation also verifies the new address. */
const CHANGE_EMAIL: Statement = {
  name: 'user_change_email',
  text: `
    UPDATE users SET email = $3, email_verified_at = now()
     WHERE id = $1 AND email = $2 AND disabled_at IS NULL
    RETURNING id`,
};

const TAKE_BACK_EMAIL: Statement = {
  name: 'user_take_back_email',
  text: `
    UPDATE users SET email = $3, email_verified_at = now(), session_epoch = session_epoch + 1
     WHERE id = $1 AND session_epoch = $2 AND disabled_at IS NULL
    RETURNING id`,
};

const SET_LOCALE: Statement = {
  name: 'user_set_locale',
  text: `
    WITH before AS (SELECT id, locale FROM users WHERE id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE)
    UPDATE users u SET locale = $2 FROM before WHERE u.id = before.id
    RETURNING before.locale`,
};

const UNIQUE_VIOLATION = '23505';

@Injectable()
export class UsersRepository {
  constructor(private readonly database: Database) {}

  /** @throws EmailTaken. The unique constraint decides between concurrent registrations */
  async insert({ id, email, locale, role = 'user', invitedAt = null }: NewUser): Promise<User> {
    const [row] = await orEmailTaken(this.database.query<User>(INSERT, [id, email, role, locale, invitedAt]));
    return Object.assign(new User(), row);
  }

  findActive(id: string): Promise<User | null> {
    return this.findOne(FIND_ACTIVE, id);
  }

  findActiveByEmail(email: string): Promise<User | null> {
    return this.findOne(FIND_ACTIVE_BY_EMAIL, email);
  }

  /** @returns false when the user is gone or disabled, or the epoch is another one by now */
  async raiseEpoch(id: string, seenEpoch: number): Promise<boolean> {
    return (await this.database.query(RAISE_EPOCH, [id, seenEpoch])).length > 0;
  }

  /** @returns false if the user is gone or disabled, or now has another email address */
  async markVerified(id: string, email: string): Promise<boolean> {
    return (await this.database.query(MARK_VERIFIED, [id, email])).length > 0;
  }

  async markAccepted(id: string): Promise<void> {
    await this.database.manager.update(User, { id, invitedAt: Not(IsNull()) }, { invitedAt: null });
  }

  findByEmail(email: string): Promise<User | null> {
    return this.findOne(FIND_BY_EMAIL, email);
  }

  /** @returns false if the user is gone or disabled, or now has another email address @throws EmailTaken */
  async changeEmail(id: string, from: string, to: string): Promise<boolean> {
    return (await orEmailTaken(this.database.query(CHANGE_EMAIL, [id, from, to]))).length > 0;
  }

  /** @returns false if the user is gone or disabled, or the epoch has changed @throws EmailTaken */
  async takeBackEmail(id: string, seenEpoch: number, email: string): Promise<boolean> {
    return (await orEmailTaken(this.database.query(TAKE_BACK_EMAIL, [id, seenEpoch, email]))).length > 0;
  }

  /** @returns the previous value, or undefined if the user is gone or disabled */
  async setLocale(id: string, locale: string | null): Promise<{ locale: string | null } | undefined> {
    const [before] = await this.database.query<{ locale: string | null }>(SET_LOCALE, [id, locale]);
    return before;
  }

  private async findOne(statement: Statement, value: string): Promise<User | null> {
    const [row] = await this.database.query<User>(statement, [value]);
    return row ? Object.assign(new User(), row) : null;
  }
}

/** @throws EmailTaken if `work` violates the unique constraint on email addresses */
export async function orEmailTaken<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw sqlState(error) === UNIQUE_VIOLATION ? new EmailTaken() : error;
  }
}
