import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Database, type Statement } from '../platform/database/database.service.js';
import { sqlState } from '../platform/database/trouble.js';
import { User } from './user.entity.js';
import { EmailTaken } from './users.errors.js';

/** Takes the epoch the caller has seen, so that of two who end all sessions at once the second finds that it is late. */
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

const UNIQUE_VIOLATION = '23505';

@Injectable()
export class UsersRepository {
  constructor(private readonly database: Database) {}

  /** @throws EmailTaken: the unique constraint decides, whoever else registers at the same moment */
  async insert(values: Pick<User, 'id' | 'email' | 'locale'>): Promise<User> {
    const user = this.database.manager.create(User, {
      emailVerifiedAt: null,
      disabledAt: null,
      closedAt: null,
      ...values,
    });
    try {
      await this.database.manager.insert(User, user);
    } catch (error) {
      throw sqlState(error) === UNIQUE_VIOLATION ? new EmailTaken() : error;
    }
    return user;
  }

  findActive(id: string): Promise<User | null> {
    return this.database.manager.findOneBy(User, { id, disabledAt: IsNull() });
  }

  findActiveByEmail(email: string): Promise<User | null> {
    return this.database.manager.findOneBy(User, { email, disabledAt: IsNull() });
  }

  /** @returns false when the user is gone or disabled, or the epoch is another one by now */
  async raiseEpoch(id: string, seenEpoch: number): Promise<boolean> {
    return (await this.database.query(RAISE_EPOCH, [id, seenEpoch])).length > 0;
  }

  /** @returns false when the user is gone or disabled, or has another address by now */
  async markVerified(id: string, email: string): Promise<boolean> {
    return (await this.database.query(MARK_VERIFIED, [id, email])).length > 0;
  }
}
