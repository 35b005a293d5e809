import { Injectable } from '@nestjs/common';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import type { User } from './user.entity.js';
import { UsersRepository } from './users.repository.js';

@Injectable()
export class UsersService {
  constructor(private readonly users: UsersRepository) {}

  /**
   * @param email as `parseEmailAddress` gives it
   * @throws EmailTaken
   */
  create(email: string): Promise<User> {
    return this.users.insert({ id: uuidv7(), email });
  }

  /** @returns null for an id that is unknown or disabled, or that is none */
  async findActive(id: string): Promise<User | null> {
    return isUuid(id) ? this.users.findActive(id) : null;
  }
}
