import { ApiProperty } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { CurrentPassword, NewPassword } from '../auth/password.dto.js';
import { LinkToken } from '../one-time-tokens/one-time-token.dto.js';
import { OneOf } from '../platform/http/input/validation.js';
import { type Locale, LOCALES } from '../platform/locale.value.js';
import { EmailAddress } from '../users/email-address/email-address.dto.js';

export class ChangePasswordRequest {
  @CurrentPassword()
  currentPassword!: string;

  @NewPassword()
  newPassword!: string;
}

export class ChangeEmailRequest {
  @EmailAddress()
  email!: string;

  @CurrentPassword()
  currentPassword!: string;
}

export class UpdateMeRequest {
  @ApiProperty({
    type: String,
    nullable: true,
    enum: [...LOCALES, null],
    description: 'The language of emails to you; null for the language of the service.',
    example: 'en',
  })
  @ValidateIf((_object, value) => value !== null)
  @OneOf(LOCALES, 'unknown_locale')
  locale!: Locale | null;
}

/** The body for links in emails about a change of address. */
export class EmailLinkRequest {
  @LinkToken()
  token!: string;
}
