import { Injectable } from '@nestjs/common';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/clock.js';
import { type ImportedUser, ImportedUsersRepository } from './imported-users.repository.js';
import type { User } from './user.entity.js';
import { UsersRepository } from './users.repository.js';

@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly imported: ImportedUsersRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * @param email as `parseEmailAddress` gives it
   * @param locale the language of mails, or null for the service's own
   * @throws EmailTaken
   */
  create(email: string, locale: string | null = null): Promise<User> {
    return this.users.insert({ id: uuidv7(), email, locale });
  }

  /**
   * An account without a password: its owner is to choose one.
   * @param email as `parseEmailAddress` gives it
   * @param role a slug
   * @param locale the language of mails, or null for the service's own
   * @throws EmailTaken
   */
  invite(email: string, role: string, locale: string | null): Promise<User> {
    return this.users.insert({ id: uuidv7(), email, role, locale, invitedAt: this.clock.now() });
  }

  /** @returns who has one of these addresses or ids, also if disabled or closed */
  findTaken(emails: readonly string[], ids: readonly string[]): Promise<Pick<User, 'id' | 'email'>[]> {
    return this.imported.findTaken(emails, ids);
  }

  /**
   * Many accounts of people who come from elsewhere.
   * @returns the ids of those whose address and id were free
   * @throws EmailTaken when an address is kept for the account that had it: nothing is done then
   */
  insertFree(users: readonly ImportedUser[]): Promise<string[]> {
    return this.imported.insertFree(users);
  }

  /** Its owner has chosen a password. */
  markAccepted(id: string): Promise<void> {
    return this.users.markAccepted(id);
  }

  /** @param email as `parseEmailAddress` gives it. @returns null for an address without an account, or a disabled one */
  findActiveByEmail(email: string): Promise<User | null> {
    return this.users.findActiveByEmail(email);
  }

  /**
   * The first step of whatever ends all sessions of a user, in the transaction that then closes them: from here on no
   * login that began before can open another.
   * @param seenEpoch the user's `sessionEpoch` when the reason was checked
   * @returns false when the user is gone or disabled, or somebody else ended all sessions since
   */
  raiseSessionEpoch(id: string, seenEpoch: number): Promise<boolean> {
    return this.users.raiseEpoch(id, seenEpoch);
  }

  /** @returns false when the user is gone or disabled, or has another address by now */
  markEmailVerified(id: string, email: string): Promise<boolean> {
    return this.users.markVerified(id, email);
  }

  /** @returns null for an id that is unknown or disabled, or that is none */
  async findActive(id: string): Promise<User | null> {
    return isUuid(id) ? this.users.findActive(id) : null;
  }

  /** Also a disabled or closed account keeps its address. @param email as `parseEmailAddress` gives it */
  findByEmail(email: string): Promise<User | null> {
    return this.users.findByEmail(email);
  }

  /**
   * To an address whose owner was just shown to be the user.
   * @param from the address that the user had when the change was asked for
   * @returns false when the user is gone or disabled, or has another address by now
   * @throws EmailTaken
   */
  changeEmail(id: string, from: string, to: string): Promise<boolean> {
    return this.users.changeEmail(id, from, to);
  }

  /**
   * Gives the account back to an address that it had, and begins to end all sessions as `raiseSessionEpoch` does.
   * @returns false when the user is gone or disabled, or somebody else ended all sessions since
   * @throws EmailTaken
   */
  takeBackEmail(id: string, seenEpoch: number, email: string): Promise<boolean> {
    return this.users.takeBackEmail(id, seenEpoch, email);
  }

  /** @returns what it was, or undefined when the user is gone or disabled */
  setLocale(id: string, locale: string | null): Promise<{ locale: string | null } | undefined> {
    return this.users.setLocale(id, locale);
  }
}
