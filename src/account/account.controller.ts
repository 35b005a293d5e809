import { Body, Controller, HttpCode, Patch, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AccessDenied, CurrentUser, InvalidToken, type Principal } from '@auth-service/guard';
import type { FastifyRequest } from 'fastify';
import { DeviceTokenCarrier } from '../platform/http/cookies/device-token-carrier.js';
import { type Caller, CallerOf } from '../platform/http/callers/caller.decorator.js';
import { UserResponse } from '../users/users.dto.js';
import { ChangeEmailRequest, ChangePasswordRequest, UpdateMeRequest } from './account.dto.js';
import { ApiChangeEmail, ApiChangePassword, ApiUpdateMe } from './account-documentation.dto.js';
import { EmailChange } from './email-change/email-change.service.js';
import { PasswordChange } from './password-change.service.js';
import { AccountSettings } from './settings.service.js';

/** Changes that users make to their own account. */
@ApiTags('Account')
@Controller('users/me')
export class AccountController {
  constructor(
    private readonly passwords: PasswordChange,
    private readonly emails: EmailChange,
    private readonly settings: AccountSettings,
    private readonly devices: DeviceTokenCarrier,
  ) {}

  @Patch()
  @ApiUpdateMe()
  async update(@CurrentUser() { userId }: Principal, @Body() { locale }: UpdateMeRequest): Promise<UserResponse> {
    const user = await this.settings.setLocale(userId, locale);
    if (!user) throw new AccessDenied(new InvalidToken('the account is gone or disabled'));
    return new UserResponse(user);
  }

  @Post('password')
  @HttpCode(204)
  @ApiChangePassword()
  async changePassword(
    @CurrentUser() principal: Principal,
    @Body() { currentPassword, newPassword }: ChangePasswordRequest,
    @CallerOf() { ip }: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const deviceToken = this.devices.read(request);
    await this.passwords.change({ ...principal, ip, deviceToken }, currentPassword, newPassword);
  }

  @Post('email')
  @HttpCode(202)
  @ApiChangeEmail()
  async changeEmail(
    @CurrentUser() { userId }: Principal,
    @Body() { email, currentPassword }: ChangeEmailRequest,
  ): Promise<void> {
    await this.emails.request(userId, email, currentPassword);
  }
}
