import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Database } from '../platform/database/database.service.js';
import { sqlState } from '../platform/database/trouble.js';
import { User } from './user.entity.js';
import { EmailTaken } from './users.errors.js';

const UNIQUE_VIOLATION = '23505';

@Injectable()
export class UsersRepository {
  constructor(private readonly database: Database) {}

  /** @throws EmailTaken: the unique constraint decides, whoever else registers at the same moment */
  async insert(values: Pick<User, 'id' | 'email'>): Promise<User> {
    const user = this.database.manager.create(User, values);
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
}
