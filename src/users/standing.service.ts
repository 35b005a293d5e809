import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { StandingRepository } from './standing.repository.js';
import type { User } from './user.entity.js';
import { LastAdmin } from './users.errors.js';

/**
 * As what somebody may come in, if at all: role, disabled, closed. Every change is made to a user as `lock` gave it, in the same
 * transaction; what ends all sessions then closes them there. One active admin always remains.
 */
@Injectable()
export class StandingService {
  constructor(private readonly standing: StandingRepository) {}

  /**
   * Until the transaction ends nobody else changes this user, and no session opens. Locks go in this order: user, admins,
   * sessions, links.
   * @returns null for an id that is unknown, or that is none
   */
  async lock(id: string): Promise<User | null> {
    return isUuid(id) ? this.standing.lock(id) : null;
  }

  /**
   * @param role a slug, as the database checks it
   * @returns whether all sessions must end: their tokens carry a role that is no more. Who had none but `user` gets the new one
   * at the next refresh; who was invited has no session, and keeps the link
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
   * @param reason in an administrator's words, at most 500 characters
   * @throws LastAdmin
   */
  async disable(user: User, reason: string | null): Promise<void> {
    await this.requireAnotherAdmin(user);
    await this.standing.disable(user.id, reason);
  }

  /** Only the words: of somebody who is disabled already. */
  setReason(user: User, reason: string | null): Promise<void> {
    return this.standing.setReason(user.id, reason);
  }

  /** Of an account that is not closed. */
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

  /** Back to what it was before it was closed. */
  restore(user: User): Promise<void> {
    return this.standing.restore(user.id);
  }

  /** Erases what was closed so many days ago. @returns the ids, at most `limit` */
  eraseClosed(days: number, limit: number): Promise<string[]> {
    return this.standing.eraseClosed(days, limit);
  }

  private async requireAnotherAdmin(user: User): Promise<void> {
    if (user.role !== 'admin' || user.disabledAt || user.invitedAt) return;
    if (!(await this.standing.hasOtherAdmin(user.id))) throw new LastAdmin();
  }
}
