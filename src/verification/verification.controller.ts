import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import { Failures } from '../limits/failures.service.js';
import { TooManyRequests } from '../limits/limits.errors.js';
import { Requests } from '../limits/requests.service.js';
import { MALFORMED_TOKEN } from '../one-time-tokens/one-time-token.dto.js';
import { InvalidOneTimeToken, isBadLink } from '../one-time-tokens/one-time-tokens.errors.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../platform/http/problems/refused.js';
import { INVALID_EMAIL } from '../users/email-address/email-address.dto.js';
import { ResendVerificationRequest, VerifyEmailRequest } from './verification.dto.js';
import { VerificationService } from './verification.service.js';

@ApiTags('Recovery')
@Public()
@Controller('auth/verify-email')
export class VerificationController {
  constructor(
    private readonly verification: VerificationService,
    private readonly requests: Requests,
    private readonly failures: Failures,
  ) {}

  @Post()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'verifyEmail',
    summary: 'Confirm an email address',
    description:
      'Takes the token from the emailed link. The token works once and expires after 24 hours; a newer one replaces it.',
  })
  @ApiNoContentResponse({ description: 'The email address is confirmed.' })
  @ApiProblems(MALFORMED_TOKEN, new InvalidOneTimeToken(), new TooManyRequests(60_000), DATABASE_UNAVAILABLE)
  async verify(@Body() { token }: VerifyEmailRequest): Promise<void> {
    await this.failures.link(isBadLink, () => this.verification.verify(token));
  }

  @Post('resend')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'resendVerification',
    summary: 'Request another link to confirm an email address',
    description:
      'The response is the same for every email address. An email is sent only if an account with it is unconfirmed.',
  })
  @ApiAcceptedResponse({ description: 'If there is something to confirm, an email is on its way.' })
  @ApiProblems(INVALID_EMAIL, new TooManyRequests(60_000), DATABASE_UNAVAILABLE)
  async resend(@Body() { email }: ResendVerificationRequest): Promise<void> {
    if (await this.requests.mayMail('verification', email)) await this.verification.request(email);
  }
}
