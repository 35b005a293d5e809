import { Body, Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { IsEmail, IsString, MinLength } from 'class-validator';
import { AuthService } from './auth.service.js';
import { UsersService } from './users.service.js';

class CredentialsDto {
  @IsEmail()
  email!: string;

  @IsString()
  @MinLength(8)
  password!: string;
}

@Controller()
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly users: UsersService,
  ) {}

  @Post('auth/register')
  async register(@Body() { email, password }: CredentialsDto): Promise<{ id: number; email: string }> {
    const user = await this.users.create(email, password);
    return { id: user.id, email: user.email };
  }

  @Post('auth/login')
  @HttpCode(200)
  login(@Body() { email, password }: CredentialsDto): Promise<{ accessToken: string }> {
    return this.auth.login(email, password);
  }

  @UseGuards(AuthGuard('jwt'))
  @Get('guarded')
  guarded(): { text: string } {
    return { text: 'a note' };
  }
}
