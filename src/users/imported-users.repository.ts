import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../platform/database/database.service.js';
import type { User } from './user.entity.js';
import { orEmailTaken } from './users.repository.js';

/** A user from another system. */
export type ImportedUser = Pick<
  User,
  'id' | 'email' | 'role' | 'locale' | 'emailVerifiedAt' | 'invitedAt' | 'createdAt'
>;

const FIND_TAKEN: Statement = {
  name: 'imported_users_find_taken',
  text: `SELECT id, email FROM users WHERE email = ANY ($1) OR id = ANY ($2)`,
};

/** Skips users whose address or id was taken a moment before. */
const INSERT_FREE: Statement = {
  name: 'imported_users_insert_free',
  text: `
    INSERT INTO users (id, email, role, locale, email_verified_at, invited_at, created_at)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[])
    ON CONFLICT DO NOTHING
    RETURNING id`,
};

/** Inserts many users at once. */
@Injectable()
export class ImportedUsersRepository {
  constructor(private readonly database: Database) {}

  findTaken(emails: readonly string[], ids: readonly string[]): Promise<Pick<User, 'id' | 'email'>[]> {
    return this.database.query(FIND_TAKEN, [emails, ids]);
  }

  /** @returns the ids of the inserted users @throws EmailTaken if an address is reserved for another account */
  async insertFree(users: readonly ImportedUser[]): Promise<string[]> {
    const columns = [
      ...[users.map(({ id }) => id), users.map(({ email }) => email)],
      ...[users.map(({ role }) => role), users.map(({ locale }) => locale)],
      ...[users.map((user) => user.emailVerifiedAt), users.map((user) => user.invitedAt)],
      users.map(({ createdAt }) => createdAt),
    ];
    const rows = await orEmailTaken(this.database.query<{ id: string }>(INSERT_FREE, columns));
    return rows.map(({ id }) => id);
  }
}
