import { Body, Controller, Delete, Get, HttpCode } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AccessDenied, CurrentUser, InvalidToken, type Principal } from '@auth-service/guard';
import { PasswordProofs } from '../../auth/credentials/password-proofs.service.js';
import { ApiCloseAccount, ApiExport } from '../account-documentation.dto.js';
import { AccountChangedMeanwhile } from '../account.errors.js';
import { ClosingService } from './closing.service.js';
import { CloseAccountRequest, PersonalDataResponse } from './personal-data.dto.js';
import { PersonalDataService } from './personal-data.service.js';

/** Exporting one's data and closing one's account. */
@ApiTags('Account')
@Controller('users/me')
export class LeavingController {
  constructor(
    private readonly data: PersonalDataService,
    private readonly proofs: PasswordProofs,
    private readonly closing: ClosingService,
  ) {}

  @Get('export')
  @ApiExport()
  async export(@CurrentUser() { userId }: Principal): Promise<PersonalDataResponse> {
    const data = await this.data.collect(userId);
    if (!data) throw new AccessDenied(new InvalidToken('the account is gone or disabled'));
    return new PersonalDataResponse(data);
  }

  @Delete()
  @HttpCode(204)
  @ApiCloseAccount()
  async close(@CurrentUser() { userId }: Principal, @Body() { currentPassword }: CloseAccountRequest): Promise<void> {
    const { sessionEpoch } = await this.proofs.prove(userId, currentPassword);
    const closed = await this.closing.close(userId, { actorId: userId, seenEpoch: sessionEpoch });
    if (!closed) throw new AccountChangedMeanwhile();
  }
}
