import { ApiPropertyOptional } from '@nestjs/swagger';
import { NewPassword } from '../auth/password.dto.js';
import { LinkToken } from '../one-time-tokens/one-time-token.dto.js';
import { MayBeMissing, OneOf } from '../platform/http/validation.js';
import { EmailAddress } from '../users/email-address.dto.js';

export class ForgotPasswordRequest {
  @EmailAddress()
  email!: string;
}

export class ResetPasswordRequest {
  @LinkToken()
  token!: string;

  @NewPassword()
  password!: string;

  @ApiPropertyOptional({
    enum: ['body', 'cookie'],
    default: 'body',
    description: '`cookie` keeps what the device is known by away from scripts: for browsers.',
  })
  @MayBeMissing()
  @OneOf(['body', 'cookie'], 'unknown_transport')
  transport?: 'body' | 'cookie';
}

export class AcceptInvitationRequest {
  @LinkToken()
  token!: string;

  @NewPassword()
  password!: string;
}
