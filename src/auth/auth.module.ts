import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { DevicesModule } from '../devices/devices.module.js';
import { Config } from '../platform/config/config.js';
import { LimitsModule } from '../limits/limits.module.js';
import { OneTimeTokensModule } from '../one-time-tokens/one-time-tokens.module.js';
import { RefreshTokenCarrier } from '../platform/http/cookies/refresh-token-carrier.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Credential } from './credentials/credential.entity.js';
import { CredentialsRepository } from './credentials/credentials.repository.js';
import { CredentialsService } from './credentials/credentials.service.js';
import { Endings } from './credentials/endings.service.js';
import { PasswordNotices } from './credentials/password-notices.service.js';
import { PasswordProofs } from './credentials/password-proofs.service.js';
import { BreachedPasswords } from './passwords/breached-passwords.service.js';
import { HashPool } from './passwords/hashing/hash-pool.service.js';
import { ImportedPasswords } from './passwords/imported-passwords.service.js';
import { PasswordKey } from './passwords/password-key.entity.js';
import { PasswordKeysRepository } from './passwords/password-keys.repository.js';
import { PasswordKeys } from './passwords/password-keys.service.js';
import { PasswordsService } from './passwords/passwords.service.js';
import { NewDevices } from './new-devices.service.js';
import { SignIns } from './sign-ins.service.js';
import { ImportedAccounts } from './registration/imported-accounts.service.js';
import { NewAccounts } from './registration/new-accounts.service.js';
import { RegistrationService } from './registration/registration.service.js';
import { RepeatedRegistrationMails } from './registration/repeated-registration-mails.service.js';
import { RepeatedRegistrations } from './registration/repeated-registrations.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([Credential, PasswordKey]),
    AuditModule,
    LimitsModule,
    UsersModule,
    DevicesModule,
    SessionsModule,
    OneTimeTokensModule,
  ],
  controllers: [AuthController],
  providers: [
    CredentialsRepository,
    PasswordKeysRepository,
    PasswordKeys,
    PasswordsService,
    HashPool,
    ImportedPasswords,
    BreachedPasswords,
    AuthService,
    NewDevices,
    SignIns,
    CredentialsService,
    PasswordProofs,
    PasswordNotices,
    Endings,
    NewAccounts,
    ImportedAccounts,
    RegistrationService,
    RepeatedRegistrations,
    RepeatedRegistrationMails,
    {
      provide: RefreshTokenCarrier,
      inject: [Config],
      useFactory: (config: Config) => new RefreshTokenCarrier(config),
    },
  ],
  exports: [PasswordsService, PasswordKeys, CredentialsService, PasswordProofs, PasswordNotices, ImportedAccounts],
})
export class AuthModule {}
