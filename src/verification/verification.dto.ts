import { LinkToken } from '../one-time-tokens/one-time-token.dto.js';
import { EmailAddress } from '../users/email-address/email-address.dto.js';

export class VerifyEmailRequest {
  @LinkToken()
  token!: string;
}

export class ResendVerificationRequest {
  @EmailAddress()
  email!: string;
}
