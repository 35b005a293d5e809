import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { InvalidCursor, UserNotFound } from '../admin.errors.js';
import { cursorOf, positionOf } from './list-position.value.js';
import { type ListedUser, orderOf, type UserFilter, UserListRepository } from './user-list.repository.js';

export interface UserPage {
  items: ListedUser[];
  /** The cursor of the next page; null on the last one. */
  nextCursor: string | null;
}

/** Reads accounts for admins. */
@Injectable()
export class UserList {
  constructor(private readonly users: UserListRepository) {}

  /** @throws UserNotFound also if the id is malformed */
  async get(id: string): Promise<ListedUser> {
    const user = isUuid(id) ? await this.users.find(id) : null;
    if (!user) throw new UserNotFound();
    return user;
  }

  /**
   * Lists accounts, newest first, or by address if `email` is given. Pages continue after a position in that order, not after a
   * number of rows, so that new or erased accounts cause neither duplicates nor gaps.
   */
  async page(filter: UserFilter, cursor: string | undefined, limit: number): Promise<UserPage> {
    const order = orderOf(filter);
    const position = positionOf(cursor, order);
    if (position === null) throw new InvalidCursor();
    const found = await this.users.findPage(filter, position, limit + 1);
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    return { items, nextCursor: last ? cursorOf(last[order]) : null };
  }
}
