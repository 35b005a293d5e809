import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { OneTimeTokensModule } from '../one-time-tokens/one-time-tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { VerificationController } from './verification.controller.js';
import { VerificationMails } from './verification-mails.service.js';
import { VerificationService } from './verification.service.js';

@Module({
  imports: [AuditModule, LimitsModule, UsersModule, OneTimeTokensModule],
  controllers: [VerificationController],
  providers: [VerificationService, VerificationMails],
})
export class VerificationModule {}
