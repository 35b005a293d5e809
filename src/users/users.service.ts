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
   * @param email in the form that `parseEmailAddress` returns
   * @param locale the language of emails, or null for the default language of the service
   * @throws EmailTaken
   */
  create(email: string, locale: string | null = null): Promise<User> {
    return this.users.insert({ id: uuidv7(), email, locale });
  }

  /**
   * Creates an account without a password, which its owner will set.
   * @param email in the form that `parseEmailAddress` returns
   * @param role a slug
   * @param locale the language of emails, or null for the default language of the service
   * @throws EmailTaken
   */
  invite(email: string, role: string, locale: string | null): Promise<User> {
    return this.users.insert({ id: uuidv7(), email, role, locale, invitedAt: this.clock.now() });
  }

  /** @returns the users with one of these addresses or ids, including disabled and closed ones */
  findTaken(emails: readonly string[], ids: readonly string[]): Promise<Pick<User, 'id' | 'email'>[]> {
    return this.imported.findTaken(emails, ids);
  }

  /**
   * Inserts imported users.
   * @returns the ids of those whose address and id were free
   * @throws EmailTaken if an address is reserved for a former owner: then nothing is inserted
   */
  insertFree(users: readonly ImportedUser[]): Promise<string[]> {
    return this.imported.insertFree(users);
  }

  /** Marks an invited account as active, after its owner has set a password. */
  markAccepted(id: string): Promise<void> {
    return this.users.markAccepted(id);
  }

  /** @param email in the form that `parseEmailAddress` returns @returns null if it has no account or a disabled one */
  findActiveByEmail(email: string): Promise<User | null> {
    return this.users.findActiveByEmail(email);
  }

  /**
   * The first step to end all sessions of a user, in the transaction that then closes them. After it, no login that began
   * earlier can open another session.
   * @param seenEpoch the user's `sessionEpoch` when the reason was checked
   * @returns false if the user is gone or disabled, or all sessions were ended since then
   */
  raiseSessionEpoch(id: string, seenEpoch: number): Promise<boolean> {
    return this.users.raiseEpoch(id, seenEpoch);
  }

  /** @returns false if the user is gone or disabled, or now has another email address */
  markEmailVerified(id: string, email: string): Promise<boolean> {
    return this.users.markVerified(id, email);
  }

  /** @returns null for an id that is unknown, disabled or malformed */
  async findActive(id: string): Promise<User | null> {
    return isUuid(id) ? this.users.findActive(id) : null;
  }

  /** Finds disabled and closed accounts, too. @param email in the form that `parseEmailAddress` returns */
  findByEmail(email: string): Promise<User | null> {
    return this.users.findByEmail(email);
  }

  /**
   * Changes the email address to one that the user has just confirmed.
   * @param from the user's email address when the change was requested
   * @returns false if the user is gone or disabled, or now has another email address
   * @throws EmailTaken
   */
  changeEmail(id: string, from: string, to: string): Promise<boolean> {
    return this.users.changeEmail(id, from, to);
  }

  /**
   * Restores a former email address of the account, and begins to end all sessions as `raiseSessionEpoch` does.
   * @returns false if the user is gone or disabled, or all sessions were ended since then
   * @throws EmailTaken
   */
  takeBackEmail(id: string, seenEpoch: number, email: string): Promise<boolean> {
    return this.users.takeBackEmail(id, seenEpoch, email);
  }

  /** @returns the previous value, or undefined if the user is gone or disabled */
  setLocale(id: string, locale: string | null): Promise<{ locale: string | null } | undefined> {
    return this.users.setLocale(id, locale);
  }
}
