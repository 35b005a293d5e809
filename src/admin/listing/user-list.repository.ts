import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../platform/database/database.service.js';
import type { User } from '../../users/user.entity.js';
import type { UserState } from '../user-state.value.js';
import type { ListOrder } from './list-position.value.js';

/** An account as admins see it. */
export type ListedUser = Omit<User, 'sessionEpoch'>;

export interface UserFilter {
  /** The beginning of the email address, in its stored form. */
  email?: string;
  role?: string;
  state?: UserState;
}

/**
 * The last ASCII character, which no address contains: all texts with a prefix lie between it and the prefix followed by this.
 */
const PAST_ANY = '\u007f';

/** Before every id. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

const COLUMNS = `
  id, email, role, locale, email_verified_at AS "emailVerifiedAt", invited_at AS "invitedAt", disabled_at AS "disabledAt",
  disabled_reason AS "disabledReason", closed_at AS "closedAt", created_at AS "createdAt"`;

/** Must match the conditions of the partial indexes. */
const STATES: Readonly<Record<UserState, string>> = {
  active: 'disabled_at IS NULL AND invited_at IS NULL',
  invited: 'invited_at IS NOT NULL AND disabled_at IS NULL',
  disabled: 'disabled_at IS NOT NULL AND closed_at IS NULL',
  closed: 'closed_at IS NOT NULL',
};

const FIND: Statement = { name: 'admin_user_find', text: `SELECT ${COLUMNS} FROM users WHERE id = $1` };

@Injectable()
export class UserListRepository {
  constructor(private readonly database: Database) {}

  async find(id: string): Promise<ListedUser | null> {
    const [user] = await this.database.query<ListedUser>(FIND, [id]);
    return user ?? null;
  }

  /** @param position the page begins after it, in the order that `orderOf` returns for the filter */
  findPage(filter: UserFilter, position: string, limit: number): Promise<ListedUser[]> {
    const { statement, values } = pageOf(filter, position, limit);
    return this.database.query(statement, values);
  }
}

/** A search is sorted by address, in the order of its index; otherwise the newest come first. */
export function orderOf({ email }: UserFilter): ListOrder {
  return email === undefined ? 'id' : 'email';
}

/** Builds a statement per combination of filters, so that each is planned for the most suitable index. */
export function pageOf(
  { email, role, state }: UserFilter,
  position: string,
  limit: number,
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [position, limit];
  const place = (value: string): string => `$${values.push(value)}`;
  const search = email !== undefined;
  const byRole = !search && isIndexed(role) && (state === undefined || state === 'active');
  const wanted = [
    search ? `email > $1 AND email >= ${place(email)} AND email < ${place(email + PAST_ANY)}` : 'id < $1',
  ];
  if (role === 'user') wanted.push(`role = 'user'`);
  else if (role !== undefined) wanted.push(`role <> 'user'`, byRole ? only(place(role)) : `role = ${place(role)}`);
  if (state !== undefined) wanted.push(STATES[state]);
  const order = search ? 'email' : byRole ? 'role DESC, id DESC' : 'id DESC';
  return {
    statement: {
      name: ['admin_users', search && 'by_email', isIndexed(role) ? 'by_role' : role, state].filter(Boolean).join('_'),
      text: `SELECT ${COLUMNS} FROM users WHERE ${wanted.join(' AND ')} ORDER BY ${order} LIMIT $2`,
    },
    values,
  };
}

function isIndexed(role: string | undefined): boolean {
  return role !== undefined && role !== 'user';
}

/**
 * Selects one role as a range of (role, id) instead of by `=`. Then only the index on both columns gives the order, and a
 * generic plan does not scan all users for the few with this role.
 */
function only(role: string): string {
  return `(role, id) > (${role}, '${NO_ID}') AND (role, id) < (${role}, $1)`;
}
