import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { MayBeMissing, Parses } from '../platform/http/validation.js';
import type { TokenPair } from '../sessions/sessions.service.js';
import { parseEmailAddress } from '../users/email-address.value.js';
import { isPossiblePassword, PASSWORD_MAX_LENGTH } from './passwords/password-policy.value.js';

const isText = (value: string): string => value;
const asPossiblePassword = (value: string): string | null => (isPossiblePassword(value) ? value : null);

function EmailAddress(): PropertyDecorator {
  return (target, key) => {
    ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.com' })(target, key);
    Parses(parseEmailAddress, { code: 'invalid_email', detail: 'One plain email address.' })(target, key);
  };
}

export class RegisterRequest {
  @EmailAddress()
  email!: string;

  /** Its rules need the email and the settings, so they are the service's. */
  @ApiProperty({
    format: 'password',
    minLength: 8,
    maxLength: PASSWORD_MAX_LENGTH,
    description: 'Any characters; not the email address, not one of the common passwords.',
    example: 'correct horse battery staple',
  })
  @Parses(isText, { code: 'not_a_string', detail: 'A text.' })
  password!: string;
}

export class LoginRequest {
  @EmailAddress()
  email!: string;

  @ApiProperty({
    format: 'password',
    minLength: 1,
    maxLength: PASSWORD_MAX_LENGTH,
    example: 'correct horse battery staple',
  })
  @Parses(asPossiblePassword, { code: 'invalid_password', detail: `1 to ${PASSWORD_MAX_LENGTH} characters.` })
  password!: string;

  @ApiPropertyOptional({
    enum: ['body', 'cookie'],
    default: 'body',
    description: '`cookie` keeps the refresh token away from scripts: for browsers.',
  })
  @MayBeMissing()
  @IsIn(['body', 'cookie'], { context: { code: 'unknown_transport' } })
  transport?: 'body' | 'cookie';
}

export const REFRESH_TOKEN_EXAMPLE =
  'AZq1pI9ufMOmpU078cDeAAAAAA2uV5cVYk2E2Lr0gZb3VfQ8o1cU5m0b5c9E3v1b0y7w4l2k9j8h6g5f3d2s1a0Zx';

/** For refresh and logout: the token here, or in the cookie. */
export class RefreshTokenRequest {
  @ApiPropertyOptional({
    description: 'As the last answer gave it. Leave it out where the cookie carries it.',
    minLength: 1,
    maxLength: 512,
    pattern: '^[\\x20-\\x7e]+$',
    example: REFRESH_TOKEN_EXAMPLE,
  })
  @MayBeMissing()
  @Matches(/^[\x20-\x7e]{1,512}$/, { context: { code: 'invalid_token_format' } })
  refreshToken?: string;
}

const SECONDS = { type: 'integer', format: 'int32', minimum: 0, maximum: 31_536_000 } as const;

/** The token pair (RFC 6749's names in camelCase). */
export class TokenResponse {
  @ApiProperty({
    description: 'A JWT (RFC 9068) for the `Authorization` header.',
    maxLength: 8192,
    example: 'eyJhbGciOiJFUzI1NiIs…',
  })
  readonly accessToken: string;

  @ApiProperty({ enum: ['Bearer'], example: 'Bearer' })
  readonly tokenType: 'Bearer';

  @ApiProperty({ ...SECONDS, description: 'Seconds until the access token expires.', example: 600 })
  readonly expiresIn: number;

  @ApiPropertyOptional({
    description: 'Good for one use. Absent where the cookie carries it.',
    maxLength: 512,
    example: REFRESH_TOKEN_EXAMPLE,
  })
  readonly refreshToken?: string;

  @ApiProperty({ ...SECONDS, description: 'Seconds until the refresh token expires.', example: 604800 })
  readonly refreshExpiresIn: number;

  constructor(tokens: Omit<TokenPair, 'refreshToken'> & { refreshToken?: string }) {
    this.accessToken = tokens.accessToken;
    this.tokenType = 'Bearer';
    this.expiresIn = tokens.expiresIn;
    if (tokens.refreshToken !== undefined) this.refreshToken = tokens.refreshToken;
    this.refreshExpiresIn = tokens.refreshExpiresIn;
  }
}
