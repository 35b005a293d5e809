import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import { Config } from '../platform/config/config.js';
import { ApiChangePasswordPage } from './recovery-documentation.dto.js';

@ApiTags('Discovery')
@Public()
@Controller('.well-known/change-password')
export class ChangePasswordController {
  constructor(private readonly config: Config) {}

  @Get()
  @Redirect()
  @ApiChangePasswordPage()
  page(): { url: string; statusCode: number } {
    return { url: this.config.changePasswordUrl, statusCode: 302 };
  }
}
