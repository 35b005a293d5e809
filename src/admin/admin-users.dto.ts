import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, Matches, ValidateIf } from 'class-validator';
import { MayBeMissing, OneOf, Parses } from '../platform/http/input/validation.js';
import { type Locale, LOCALES } from '../platform/locale.value.js';
import { EmailAddress } from '../users/email-address/email-address.dto.js';
import { parseEmailAddress } from '../users/email-address/email-address.value.js';
import { ROLE_PATTERN } from '../users/role.value.js';
import type { User } from '../users/user.entity.js';
import type { UserPage } from './listing/user-list.service.js';
import { stateOf, USER_STATES, type UserState } from './user-state.value.js';

const ROLE = { pattern: ROLE_PATTERN, maxLength: 64 } as const;
const ROLE_RULE = {
  context: {
    code: 'invalid_role',
    detail: 'Lowercase letters, digits, - and _, starting with a letter; at most 64 characters.',
  },
};
/** Counted as the database counts. No control character: it is one line. */
const REASON = /^[^\p{Cc}\p{Cs}]{1,500}$/u;
const TIME = { type: String, format: 'date-time' } as const;

/** A whole address in its stored form; of a part, what it begins with. */
function parseSearch(text: string): string | null {
  const typed = text.trim().toLowerCase();
  return parseEmailAddress(text) ?? (/^[!-~]{1,254}$/.test(typed) ? typed : null);
}

export class ListUsersRequest {
  @MayBeMissing()
  @Parses(parseSearch, { code: 'invalid_search', detail: 'Must be the beginning of an email address.' })
  email?: string;

  @MayBeMissing()
  @Matches(new RegExp(ROLE.pattern), ROLE_RULE)
  role?: string;

  @MayBeMissing()
  @OneOf(USER_STATES)
  state?: UserState;

  @MayBeMissing()
  @Matches(/^[\w-]{1,512}$/, {
    context: { code: 'invalid_cursor', detail: 'Must be the `nextCursor` of the previous page.' },
  })
  cursor?: string;

  @MayBeMissing()
  @Matches(/^([1-9]\d?|100)$/, { context: { code: 'invalid_limit', detail: 'Must be a whole number from 1 to 100.' } })
  limit?: string;
}

export class InviteUserRequest {
  @EmailAddress()
  email!: string;

  @ApiPropertyOptional({ ...ROLE, default: 'user', example: 'editor' })
  @MayBeMissing()
  @Matches(new RegExp(ROLE.pattern), ROLE_RULE)
  role?: string;

  @ApiPropertyOptional({ enum: LOCALES, description: 'The language of emails to this person.', example: 'en' })
  @MayBeMissing()
  @OneOf(LOCALES, 'unknown_locale')
  locale?: Locale;
}

export class ChangeUserRequest {
  @ApiPropertyOptional({ ...ROLE, example: 'editor' })
  @MayBeMissing()
  @Matches(new RegExp(ROLE.pattern), ROLE_RULE)
  role?: string;

  @ApiPropertyOptional({ description: 'Whether the account is disabled.', example: true })
  @MayBeMissing()
  @IsBoolean()
  disabled?: boolean;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: 500,
    pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$',
    description: 'Visible to admins only. Can be set only on a disabled account.',
    example: 'Sent spam.',
  })
  @ValidateIf((_object, value) => value !== undefined && value !== null)
  @Matches(REASON, { context: { code: 'invalid_reason', detail: 'Must be one line of at most 500 characters.' } })
  disabledReason?: string | null;
}

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
