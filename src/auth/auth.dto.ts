import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { MayBeMissing, OneOf, TakenAtSight } from '../platform/http/input/validation.js';
import type { TokenPair } from '../sessions/token-pairs.service.js';
import { EmailAddress } from '../users/email-address/email-address.dto.js';
import { CurrentPassword, NewPassword } from './password.dto.js';

export class RegisterRequest {
  @EmailAddress()
  email!: string;

  @NewPassword()
  password!: string;
}

export class LoginRequest {
  @EmailAddress()
  email!: string;

  @CurrentPassword()
  password!: string;

  @ApiPropertyOptional({
    enum: ['body', 'cookie'],
    default: 'body',
    description: 'Use `cookie` in browsers: it keeps the refresh token out of reach of scripts.',
  })
  @MayBeMissing()
  @OneOf(['body', 'cookie'], 'unknown_transport')
  transport?: 'body' | 'cookie';
}

export const REFRESH_TOKEN_EXAMPLE =
  'AZq1pI9ufMOmpU078cDeAAAAAA2uV5cVYk2E2Lr0gZb3VfQ8o1cU5m0b5c9E3v1b0y7w4l2k9j8h6g5f3d2s1a0Zx';

const REFRESH_TOKEN = /^[\x20-\x7e]{1,512}$/;

/** The body of refresh and logout; the token may be in the cookie instead. */
@TakenAtSight('refreshToken', REFRESH_TOKEN)
export class RefreshTokenRequest {
  @ApiPropertyOptional({
    description: 'The newest refresh token. Leave it out if it is in the cookie.',
    minLength: 1,
    maxLength: 512,
    pattern: '^[\\x20-\\x7e]+$',
    example: REFRESH_TOKEN_EXAMPLE,
  })
  @MayBeMissing()
  @Matches(REFRESH_TOKEN, { context: { code: 'invalid_token_format', detail: 'Must be a refresh token, unchanged.' } })
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
    description: 'Works once. Absent if it is in the cookie.',
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
