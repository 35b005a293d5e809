import { NewPassword } from '../auth/password.dto.js';
import { LinkToken } from '../one-time-tokens/one-time-token.dto.js';
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
}

export class AcceptInvitationRequest {
  @LinkToken()
  token!: string;

  @NewPassword()
  password!: string;
}
