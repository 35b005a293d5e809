import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { DevicesModule } from '../devices/devices.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { OneTimeTokensModule } from '../one-time-tokens/one-time-tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { ChangePasswordController } from './change-password.controller.js';
import { ForgottenPasswords } from './forgotten-passwords.service.js';
import { RecoveryController } from './recovery.controller.js';
import { RecoveryService } from './recovery.service.js';

@Module({
  imports: [AuditModule, LimitsModule, UsersModule, OneTimeTokensModule, DevicesModule, AuthModule],
  controllers: [RecoveryController, ChangePasswordController],
  providers: [RecoveryService, ForgottenPasswords],
})
export class RecoveryModule {}
