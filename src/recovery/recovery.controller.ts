import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failures } from '../limits/failures.service.js';
import { isBadLink } from '../one-time-tokens/one-time-tokens.errors.js';
import { DeviceTokenCarrier } from '../platform/http/cookies/device-token-carrier.js';
import { type Caller, CallerOf } from '../platform/http/callers/caller.decorator.js';
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
    private readonly devices: DeviceTokenCarrier,
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
  async reset(
    @Body() { token, password, transport }: ResetPasswordRequest,
    @CallerOf() { ip }: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const origin = { ip, deviceToken: this.devices.read(request) };
    const kept = await this.failures.link(isBadLink, () => this.recovery.resetPassword(token, password, origin));
    this.devices.give(reply, kept, transport === 'cookie');
  }

  @Post('accept-invitation')
  @HttpCode(204)
  @ApiAcceptInvitation()
  async accept(
    @Body() { token, password, transport }: AcceptInvitationRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const before = this.devices.read(request);
    const kept = await this.failures.link(isBadLink, () => this.recovery.acceptInvitation(token, password, before));
    this.devices.give(reply, kept, transport === 'cookie');
  }
}
