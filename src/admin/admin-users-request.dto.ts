import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, Matches, ValidateIf } from 'class-validator';
import { MayBeMissing, OneOf, Parses } from '../platform/http/input/validation.js';
import { type Locale, LOCALES } from '../platform/locale.value.js';
import { EmailAddress } from '../users/email-address/email-address.dto.js';
import { parseEmailAddress } from '../users/email-address/email-address.value.js';
import { ROLE_PATTERN } from '../users/role.value.js';
import { USER_STATES, type UserState } from './user-state.value.js';

export const ROLE = { pattern: ROLE_PATTERN, maxLength: 64 } as const;
const ROLE_RULE = {
  context: {
    code: 'invalid_role',
    detail: 'Lowercase letters, digits, - and _, starting with a letter; at most 64 characters.',
  },
};
/** Counted as the database counts. No control character: it is one line. */
const REASON = /^[^\p{Cc}\p{Cs}]{1,500}$/u;

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
