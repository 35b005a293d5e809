import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import { Failures } from '../../limits/failures.service.js';
import { isBadLink } from '../../one-time-tokens/one-time-tokens.errors.js';
import { EmailLinkRequest } from '../account.dto.js';
import { ApiConfirmEmailChange, ApiUndoEmailChange } from '../account-documentation.dto.js';
import { EmailConfirmation } from './email-confirmation.service.js';
import { EmailUndo } from './email-undo.service.js';

/** Endpoints for links about a change of address. They need no login. */
@ApiTags('Account')
@Public()
@Controller('auth')
export class EmailLinksController {
  constructor(
    private readonly confirmation: EmailConfirmation,
    private readonly undoing: EmailUndo,
    private readonly failures: Failures,
  ) {}

  @Post('confirm-email-change')
  @HttpCode(204)
  @ApiConfirmEmailChange()
  async confirm(@Body() { token }: EmailLinkRequest): Promise<void> {
    await this.failures.link(isBadLink, () => this.confirmation.confirm(token));
  }

  @Post('undo-email-change')
  @HttpCode(204)
  @ApiUndoEmailChange()
  async undo(@Body() { token }: EmailLinkRequest): Promise<void> {
    await this.failures.link(isBadLink, () => this.undoing.undo(token));
  }
}
