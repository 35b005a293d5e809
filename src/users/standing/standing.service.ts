import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import type { User } from '../user.entity.js';
import { LastAdmin } from '../users.errors.js';
import { StandingRepository } from './standing.repository.js';

/**
 * Changes the role of users, and disables, closes and restores them. Pass the user that `lock` returned, in the same transaction.
 * If a change must end all sessions, close them in that transaction, too. There is always at least one active admin.
 */
@Injectable()
export class StandingService {
  constructor(private readonly standing: StandingRepository) {}

  /**
   * Until the transaction ends, nobody else can change this user and no session can open. The order of locks is: user, admins,
   * sessions, links.
   * @returns null for an unknown or malformed id
   */
  async lock(id: string): Promise<User | null> {
    return isUuid(id) ? this.standing.lock(id) : null;
  }

  /**
   * @param role a slug, as the database checks it
   * @returns whether all sessions must end, because their tokens carry the old role. A change from `user` takes effect with the
   * next refresh instead. An invited user has no session, and keeps the link
   * @throws LastAdmin
   */
  async setRole(user: User, role: string): Promise<boolean> {
    if (role !== 'admin') await this.requireAnotherAdmin(user);
    const newEpoch = user.role !== 'user' && !user.invitedAt;
    await this.standing.setRole(user.id, role, { newEpoch });
    return newEpoch;
  }

  /**
   * All sessions must end.
   * @param reason an admin's text, at most 500 characters
   * @throws LastAdmin
   */
  async disable(user: User, reason: string | null): Promise<void> {
    await this.requireAnotherAdmin(user);
    await this.standing.disable(user.id, reason);
  }

  /** Changes only the reason of a user who is already disabled. */
  setReason(user: User, reason: string | null): Promise<void> {
    return this.standing.setReason(user.id, reason);
  }

  /** Only for an account that is not closed. */
  enable(user: User): Promise<void> {
    return this.standing.enable(user.id);
  }

  /**
   * All sessions must end.
   * @returns when
   * @throws LastAdmin
   */
  async close(user: User): Promise<Date> {
    await this.requireAnotherAdmin(user);
    return this.standing.close(user.id);
  }

  /** Returns the account to its state before it was closed. */
  restore(user: User): Promise<void> {
    return this.standing.restore(user.id);
  }

  /** Erases accounts that were closed at least that many days ago. @returns their ids, at most `limit` */
  eraseClosed(days: number, limit: number): Promise<string[]> {
    return this.standing.eraseClosed(days, limit);
  }

  private async requireAnotherAdmin(user: User): Promise<void> {
    if (user.role !== 'admin' || user.disabledAt || user.invitedAt) return;
    if (!(await this.standing.hasOtherAdmin(user.id))) throw new LastAdmin();
  }
}
