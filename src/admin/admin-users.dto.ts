import { ApiProperty } from '@nestjs/swagger';
import type { User } from '../users/user.entity.js';
import { ROLE } from './admin-users-request.dto.js';
import type { UserPage } from './listing/user-list.service.js';
import { stateOf, USER_STATES, type UserState } from './user-state.value.js';

const TIME = { type: String, format: 'date-time' } as const;

/** An account, as administrators see it. */
export class AdminUserResponse {
  @ApiProperty({ format: 'uuid', example: '019ab5a4-8f6e-7cc3-a6a5-4d3bf7a1c0de' })
  readonly id: string;

  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.com' })
  readonly email: string;

  @ApiProperty({ description: 'Whether the owner has confirmed this email address.', example: true })
  readonly emailVerified: boolean;

  @ApiProperty({ ...ROLE, example: 'user' })
  readonly role: string;

  @ApiProperty({ enum: USER_STATES, example: 'disabled' })
  readonly state: UserState;

  @ApiProperty({ type: String, nullable: true, maxLength: 35, example: 'en' })
  readonly locale: string | null;

  @ApiProperty({ ...TIME, nullable: true, example: '2026-02-01T12:00:00.000Z' })
  readonly disabledAt: Date | null;

  @ApiProperty({ type: String, nullable: true, maxLength: 500, example: 'Sent spam.' })
  readonly disabledReason: string | null;

  @ApiProperty({
    ...TIME,
    nullable: true,
    description: 'When the account was closed. It is erased `ACCOUNT_ERASURE_DAYS` later.',
    example: null,
  })
  readonly closedAt: Date | null;

  @ApiProperty({ ...TIME, example: '2026-01-31T12:00:00.000Z' })
  readonly createdAt: Date;

  constructor(user: Omit<User, 'sessionEpoch'>) {
    this.id = user.id;
    this.email = user.email;
    this.emailVerified = user.emailVerifiedAt !== null;
    this.role = user.role;
    this.state = stateOf(user);
    this.locale = user.locale;
    this.disabledAt = user.disabledAt;
    this.disabledReason = user.disabledReason;
    this.closedAt = user.closedAt;
    this.createdAt = user.createdAt;
  }
}

export class AdminUserListResponse {
  @ApiProperty({ type: [AdminUserResponse], maxItems: 100 })
  readonly items: readonly AdminUserResponse[];

  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: 512,
    description: 'Send it as `cursor` to get the next page. Null on the last page.',
    example: 'MDE5YWI1YTQtOGY2ZS03Y2MzLWE2YTUtNGQzYmY3YTFjMGRl',
  })
  readonly nextCursor: string | null;

  constructor({ items, nextCursor }: UserPage) {
    this.items = items.map((user) => new AdminUserResponse(user));
    this.nextCursor = nextCursor;
  }
}
