import { Injectable, UnauthorizedException } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { User } from './user.entity.js';
import { UsersService } from './users.service.js';

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(private readonly users: UsersService) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      ignoreExpiration: false,
      secretOrKey: process.env.SECRET ?? '',
    });
  }

  async validate(payload: { sub: number }): Promise<User> {
    const user = await this.users.findOne(payload.sub);
    if (!user) throw new UnauthorizedException();
    return user;
  }
}
