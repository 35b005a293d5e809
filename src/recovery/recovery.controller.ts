import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import { Failures } from '../limits/failures.service.js';
import { isBadLink } from '../one-time-tokens/one-time-tokens.errors.js';
import { type Caller, CallerOf } from '../platform/http/requests/caller.decorator.js';
import { ForgottenPasswords } from './forgotten-passwords.service.js';
import { AcceptInvitationRequest, ForgotPasswordRequest, ResetPasswordRequest } from './recovery.dto.js';
import { ApiAcceptInvitation, ApiForgotPassword, ApiResetPassword } from './recovery-documentation.dto.js';
import { RecoveryService } from './recovery.service.js';

@ApiTags('Recovery')
@Public()
@Controller('auth')
export class RecoveryController {
  constructor(
    private readonly recovery: RecoveryService,
    private readonly forgotten: ForgottenPasswords,
    private readonly failures: Failures,
  ) {}

  @Post('forgot-password')
  @HttpCode(202)
  @ApiForgotPassword()
  async forgot(@Body() { email }: ForgotPasswordRequest): Promise<void> {
    await this.forgotten.request(email);
  }

  @Post('reset-password')
  @HttpCode(204)
  @ApiResetPassword()
  async reset(@Body() { token, password }: ResetPasswordRequest, @CallerOf() { ip }: Caller): Promise<void> {
    await this.failures.link(isBadLink, () => this.recovery.resetPassword(token, password, ip));
  }

  @Post('accept-invitation')
  @HttpCode(204)
  @ApiAcceptInvitation()
  async accept(@Body() { token, password }: AcceptInvitationRequest): Promise<void> {
    await this.failures.link(isBadLink, () => this.recovery.acceptInvitation(token, password));
  }
}
