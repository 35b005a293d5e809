import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { DevicesModule } from '../devices/devices.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { OneTimeTokensModule } from '../one-time-tokens/one-time-tokens.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountController } from './account.controller.js';
import { ClosingMails } from './leaving/closing-mails.service.js';
import { ClosingService } from './leaving/closing.service.js';
import { EmailChangeMails } from './email-change/email-change-mails.service.js';
import { EmailChange } from './email-change/email-change.service.js';
import { EmailConfirmation } from './email-change/email-confirmation.service.js';
import { EmailLinksController } from './email-change/email-links.controller.js';
import { EmailUndo } from './email-change/email-undo.service.js';
import { Erasure } from './leaving/erasure.service.js';
import { LeavingController } from './leaving/leaving.controller.js';
import { PasswordChange } from './password-change.service.js';
import { PersonalDataService } from './leaving/personal-data.service.js';
import { AccountSettings } from './settings.service.js';

@Module({
  imports: [AuditModule, LimitsModule, UsersModule, DevicesModule, SessionsModule, OneTimeTokensModule, AuthModule],
  controllers: [AccountController, LeavingController, EmailLinksController],
  providers: [
    PasswordChange,
    EmailChange,
    EmailChangeMails,
    EmailConfirmation,
    EmailUndo,
    AccountSettings,
    ClosingService,
    ClosingMails,
    Erasure,
    PersonalDataService,
  ],
  exports: [ClosingService],
})
export class AccountModule {}
