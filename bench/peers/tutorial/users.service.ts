import { ConflictException, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import bcrypt from 'bcryptjs';
import { Repository } from 'typeorm';
import { User } from './user.entity.js';

@Injectable()
export class UsersService {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  findOne(id: number): Promise<User | null> {
    return this.users.findOne({ where: { id } });
  }

  findByEmail(email: string): Promise<User | null> {
    return this.users.findOne({ where: { email } });
  }

  async create(email: string, password: string): Promise<User> {
    if (await this.findByEmail(email)) throw new ConflictException();
    const hash = await bcrypt.hash(password, Number(process.env.BCRYPT_COST));
    return this.users.save(this.users.create({ email, password: hash }));
  }
}
