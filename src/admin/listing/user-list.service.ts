import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { InvalidCursor, UserNotFound } from '../admin.errors.js';
import { cursorOf, positionOf } from './list-position.value.js';
import { type ListedUser, orderOf, type UserFilter, UserListRepository } from './user-list.repository.js';

export interface UserPage {
  items: ListedUser[];
  /** For the page behind this one; null on the last. */
  nextCursor: string | null;
}

/** Accounts to look at. */
@Injectable()
export class UserList {
  constructor(private readonly users: UserListRepository) {}

  /** @throws UserNotFound also for what is no id */
  async get(id: string): Promise<ListedUser> {
    const user = isUuid(id) ? await this.users.find(id) : null;
    if (!user) throw new UserNotFound();
    return user;
  }

  /**
   * The newest first, or by address where `email` is given. A page begins behind a place in the order, not behind a number of
   * accounts: none comes twice and none is left out, whoever registers or is erased in between.
   * @throws InvalidCursor
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
