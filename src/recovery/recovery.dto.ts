import { ApiPropertyOptional } from '@nestjs/swagger';
import { NewPassword } from '../auth/password.dto.js';
import { LinkToken } from '../one-time-tokens/one-time-token.dto.js';
import { MayBeMissing, OneOf } from '../platform/http/input/validation.js';
import { EmailAddress } from '../users/email-address/email-address.dto.js';

export class ForgotPasswordRequest {
  @EmailAddress()
  email!: string;
}

/** Choosing a password with an emailed link. The device becomes a known device. */
abstract class ByLinkRequest {
  @LinkToken()
  token!: string;

  @NewPassword()
  password!: string;

  @ApiPropertyOptional({
    enum: ['body', 'cookie'],
    default: 'body',
    description: 'Use `cookie` in browsers: it keeps the device token out of reach of scripts.',
  })
  @MayBeMissing()
  @OneOf(['body', 'cookie'], 'unknown_transport')
  transport?: 'body' | 'cookie';
}

export class ResetPasswordRequest extends ByLinkRequest {}

export class AcceptInvitationRequest extends ByLinkRequest {}
