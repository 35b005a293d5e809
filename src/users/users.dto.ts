import { ApiProperty } from '@nestjs/swagger';
import type { User } from './user.entity.js';

/** A user as callers see them. */
export class UserResponse {
  @ApiProperty({ format: 'uuid', example: '019ab5a4-8f6e-7cc3-a6a5-4d3bf7a1c0de' })
  readonly id: string;

  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.com' })
  readonly email: string;

  @ApiProperty({ description: 'Whether the owner has confirmed this email address.', example: false })
  readonly emailVerified: boolean;

  @ApiProperty({ description: '`user`, `admin`, or a role that your apps define.', maxLength: 64, example: 'user' })
  readonly role: string;

  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: 35,
    description: 'The language of emails (BCP 47). Null: the default language of the service.',
    example: 'en',
  })
  readonly locale: string | null;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly createdAt: Date;

  constructor(user: User) {
    this.id = user.id;
    this.email = user.email;
    this.emailVerified = user.emailVerifiedAt !== null;
    this.role = user.role;
    this.locale = user.locale;
    this.createdAt = user.createdAt;
  }
}
